import { Link } from '@tanstack/react-router';
import { useOrganization } from '../../../access/index.ts';
import { type Charts, withQuery } from '../../../api/index.ts';
import { formatClock, formatDuration, path } from '../../../parts/index.ts';
import { Axes, horizontal, linear, logarithmic, type Scale, vertical } from './axes.tsx';
import css from './charts.module.css';
import { box, Frame, opens, width } from './frame.tsx';
import { gapsBetween } from './gaps.ts';

type Point = Charts['eventLag'][number];

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const goalMs = 5_000;
/** So few make no line yet. */
const fewPoints = 3;

/** How late Zitadel's events come, over a day; hatched where none came. */
export function EventLagChart({ points }: { readonly points: readonly Point[] }) {
  const { slug, can } = useOrganization();
  const now = Date.now();
  const x = linear([now - dayMs, now], horizontal);
  const y = logarithmic([10, 100_000], vertical);
  const last = points.at(-1);
  // The first hour may have begun before the day did.
  const times = points.map(({ at }) => Math.max(Date.parse(at), now - dayMs));
  // A point stands for the hour that begins with it; a straight line across a gap would claim what nobody measured.
  const gaps = gapsBetween(times, [now - dayMs, now], hourMs);
  const isBroken = (at: number) => at === 0 || (times[at] ?? 0) - (times[at - 1] ?? 0) > hourMs * 1.5;
  const line = (value: (point: Point) => number) =>
    points.map((point, at) => `${isBroken(at) ? 'M' : 'L'}${x(times[at] ?? 0)} ${y(value(point))}`).join('');
  // What was recorded around that time is the list behind a point, for those who may read it.
  const around = (at: string) =>
    can('audit.read') ? withQuery(path`/o/${slug}/audit`, { around: at }) : undefined;
  const caughtUp = gaps.filter(({ to }) => to < now).at(-1);
  return (
    <Frame
      finding={
        last
          ? `Zitadel’s events come within ${formatDuration(last.p99Ms)} (p99).`
          : 'No event has come in 24 h.'
      }
      aside={
        can('audit.read') && (
          <Link to="/o/$org/audit" params={{ org: slug }}>
            Audit
          </Link>
        )
      }
      head={['When', 'p50', 'p99']}
      rows={points.map(({ at, p50Ms, p99Ms }) => ({
        key: at,
        cells: [formatClock(Date.parse(at)), formatDuration(p50Ms), formatDuration(p99Ms)],
        open: around(at),
      }))}
      legend={[['no event came', 'gap']]}
    >
      {(fill) => (
        <>
          {gaps.map(({ from, to }) => (
            <rect
              key={from}
              className={css.gap}
              fill={fill('gap')}
              x={x(from)}
              width={x(to) - x(from)}
              y={box.top}
              height={y(10) - box.top}
            />
          ))}
          <Axes
            y={y}
            ticks={[
              [10, '10 ms'],
              [100, '0.1 s'],
              [1_000, '1 s'],
              [10_000, '10 s'],
              [100_000, '100 s'],
            ]}
            from="24 h ago"
            to="now"
          />
          <Goal y={y} />
          {caughtUp && (
            <text className={css.label} x={x(caughtUp.to)} y={box.top + 10} textAnchor="middle">
              caught up {formatClock(caughtUp.to)}
            </text>
          )}
          <path className={css.thin} d={line(({ p50Ms }) => p50Ms)} />
          <path className={css.line} d={line(({ p99Ms }) => p99Ms)} />
          {points.map((point, at) => (
            <circle
              key={point.at}
              className={points.length < fewPoints ? css.dot : css.target}
              cx={x(times[at] ?? 0)}
              cy={y(point.p99Ms)}
              r={points.length < fewPoints ? 3 : 6}
              {...opens(around(point.at))}
            />
          ))}
        </>
      )}
    </Frame>
  );
}

function Goal({ y }: { readonly y: Scale }) {
  return (
    <>
      <line className={css.mark} x1={box.left} x2={width - box.right} y1={y(goalMs)} y2={y(goalMs)} />
      <text className={css.label} x={width - box.right} y={y(goalMs) - 3} textAnchor="end">
        5 s
      </text>
    </>
  );
}
