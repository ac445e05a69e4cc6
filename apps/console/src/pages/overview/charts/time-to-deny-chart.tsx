import { Link } from '@tanstack/react-router';
import type { Charts } from '../../../api/index.ts';
import { formatClock, formatDuration, path } from '../../../parts/index.ts';
import { Axes, horizontal, linear, logarithmic, vertical } from './axes.tsx';
import css from './charts.module.css';
import { box, Frame, opens, width } from './frame.tsx';

const withEventsMs = 5_000;
const withoutEventsMs = 30_000;
const weekMs = 7 * 86_400_000;

/** Each deactivation of the last week: seconds until the person was denied. */
export function TimeToDenyChart({
  points,
  org,
}: {
  readonly points: Charts['timeToDeny'];
  readonly org: string;
}) {
  const now = Date.now();
  const x = linear([now - weekMs, now], horizontal);
  const y = logarithmic([100, 100_000], vertical);
  const p99 = percentile(points.map(({ ms }) => ms));
  const finding =
    p99 === undefined
      ? 'Nobody was deactivated in 7 days.'
      : `Deactivated people were denied within ${formatDuration(p99)} (p99, 7 days).`;
  return (
    <Frame
      finding={finding}
      aside={
        <Link to="/o/$org/users" params={{ org }} search={{ q: 'state:inactive' }}>
          Inactive users
        </Link>
      }
      head={['When', 'Denied after']}
      rows={points.map(({ id, at, ms }) => ({
        key: `${id} ${at}`,
        cells: [formatClock(Date.parse(at)), formatDuration(ms)],
        open: path`/o/${org}/users/${id}/history`,
      }))}
    >
      {() => (
        <>
          <Axes
            y={y}
            ticks={[
              [100, '0.1 s'],
              [1_000, '1 s'],
              [10_000, '10 s'],
              [100_000, '100 s'],
            ]}
            from="7 days ago"
            to="now"
          />
          <Mark y={y(withEventsMs)} label="5 s with events" />
          <Mark y={y(withoutEventsMs)} label="30 s without" under />
          {p99 !== undefined && (
            <>
              <line className={css.line} x1={box.left} x2={width - box.right} y1={y(p99)} y2={y(p99)} />
              <text className={css.label} x={width - box.right} y={y(p99) - 3} textAnchor="end">
                p99
              </text>
            </>
          )}
          {points.map(({ id, at, ms }) => (
            <Dot
              key={`${id} ${at}`}
              x={x(Date.parse(at))}
              y={y(ms)}
              late={ms > withoutEventsMs}
              open={path`/o/${org}/users/${id}/history`}
            />
          ))}
        </>
      )}
    </Frame>
  );
}

function Mark({
  y,
  label,
  under = false,
}: {
  readonly y: number;
  readonly label: string;
  readonly under?: boolean;
}) {
  return (
    <g>
      <line className={css.mark} x1={box.left} x2={width - box.right} y1={y} y2={y} />
      <text className={css.label} x={box.left + 4} y={under ? y + 11 : y - 3}>
        {label}
      </text>
    </g>
  );
}

/** Too late is another shape as well as another colour. */
function Dot({
  x,
  y,
  late,
  open,
}: {
  readonly x: number;
  readonly y: number;
  readonly late: boolean;
  readonly open: string;
}) {
  return late ? (
    <rect className={css.late} x={x - 4} y={y - 4} width={8} height={8} {...opens(open)} />
  ) : (
    <circle className={css.dot} cx={x} cy={y} r={3.5} {...opens(open)} />
  );
}

/** The value that 99 of 100 stay below. */
function percentile(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)];
}
