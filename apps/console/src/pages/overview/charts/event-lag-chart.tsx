import type { Charts } from '../../../api/index.ts';
import { formatClock, formatDuration } from '../../../parts/index.ts';
import { Axes, horizontal, linear, logarithmic, vertical } from './axes.tsx';
import css from './charts.module.css';
import { box, Frame, width } from './frame.tsx';

const dayMs = 86_400_000;
const goalMs = 5_000;
/** Longer without a point is a gap, not a straight line. */
const gapMs = 3_600_000;
/** So few make no line yet. */
const fewPoints = 3;

/** How late Zitadel's events come, over a day. */
export function EventLagChart({ points }: { readonly points: Charts['eventLag'] }) {
  const now = Date.now();
  const x = linear([now - dayMs, now], horizontal);
  const y = logarithmic([10, 100_000], vertical);
  const last = points.at(-1);
  const path = (value: (point: Charts['eventLag'][number]) => number) =>
    points
      .map((point, at) => {
        const before = points[at - 1];
        const broken = !before || Date.parse(point.at) - Date.parse(before.at) > gapMs;
        return `${broken ? 'M' : 'L'}${x(Date.parse(point.at))} ${y(value(point))}`;
      })
      .join('');
  return (
    <Frame
      finding={
        last
          ? `Zitadel’s events come within ${formatDuration(last.p99Ms)} (p99).`
          : 'No event has come in 24 h.'
      }
      head={['When', 'p50', 'p99']}
      rows={points.map(({ at, p50Ms, p99Ms }) => [
        formatClock(Date.parse(at)),
        formatDuration(p50Ms),
        formatDuration(p99Ms),
      ])}
    >
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
      <line className={css.mark} x1={box.left} x2={width - box.right} y1={y(goalMs)} y2={y(goalMs)} />
      <text className={css.label} x={width - box.right} y={y(goalMs) - 3} textAnchor="end">
        5 s
      </text>
      {points.length < fewPoints &&
        points.map((point) => (
          <circle key={point.at} className={css.dot} cx={x(Date.parse(point.at))} cy={y(point.p99Ms)} r={3} />
        ))}
      <path className={css.thin} d={path(({ p50Ms }) => p50Ms)} />
      <path className={css.line} d={path(({ p99Ms }) => p99Ms)} />
    </Frame>
  );
}
