import { Link } from '@tanstack/react-router';
import { type Charts, withQuery } from '../../../api/index.ts';
import { formatClock, path, plural } from '../../../parts/index.ts';
import { Axes, horizontal, linear, roundTicks, vertical } from './axes.tsx';
import css from './charts.module.css';
import { Frame, opens } from './frame.tsx';

const kinds = ['done', 'waiting', 'attention', 'quarantined'] as const;
const hourMs = 3_600_000;
const hours24 = 24;

/** Runs of the last day by the hour and by what became of them. */
export function ProvisioningChart({
  hours,
  org,
}: {
  readonly hours: Charts['provisioning'];
  readonly org: string;
}) {
  const now = Date.now();
  const first = Math.floor(now / hourMs) * hourMs - (hours24 - 1) * hourMs;
  const [from, to] = horizontal;
  const step = (to - from) / hours24;
  const ticks = roundTicks(Math.max(...hours.map(totalOf), 1));
  const y = linear([0, ticks.at(-1)?.[0] ?? 1], vertical);
  const all = hours.reduce((sum, hour) => sum + totalOf(hour), 0);
  const runsIn = (hour: string, state?: (typeof kinds)[number]) =>
    withQuery(path`/o/${org}/runs`, {
      q: `${state === undefined ? '' : `state:${state} `}from:${hour} to:${hourAfter(hour)}`,
    });
  const stuck = hours.reduce((sum, { attention, quarantined }) => sum + attention + quarantined, 0);
  return (
    <Frame
      finding={`${plural(all, 'run')} in 24 h, ${stuck === 0 ? 'none' : stuck} of them stopped.`}
      aside={
        <Link to="/o/$org/runs" params={{ org }} search={{ q: 'state:attention' }}>
          Stopped runs
        </Link>
      }
      head={['Hour', 'Done', 'Waiting', 'Attention', 'Quarantined']}
      rows={hours.map((hour) => ({
        key: hour.hour,
        cells: [formatClock(Date.parse(hour.hour)), ...kinds.map((kind) => hour[kind])],
        open: runsIn(hour.hour),
      }))}
      legend={[
        ['done', 'done'],
        ['waiting', 'waiting'],
        ['needs attention', 'attention'],
        ['quarantined', 'quarantined'],
      ]}
    >
      {(fill) => (
        <>
          <Axes y={y} ticks={ticks} from="24 h ago" to="now" />
          {hours.map((hour) => {
            const x = from + ((Date.parse(hour.hour) - first) / hourMs) * step;
            let below = 0;
            return (
              <g key={hour.hour}>
                {kinds.map((kind) => {
                  const bottom = below;
                  below += hour[kind];
                  // A gap between the parts keeps them apart without colour.
                  const size = Math.max(y(bottom) - y(below) - (bottom > 0 ? 1.5 : 0), 0);
                  return (
                    <rect
                      key={kind}
                      className={css[kind]}
                      fill={fill(kind)}
                      {...opens(runsIn(hour.hour, kind))}
                      x={x + 1}
                      width={Math.max(step - 2, 1)}
                      y={y(below)}
                      height={size}
                    />
                  );
                })}
              </g>
            );
          })}
        </>
      )}
    </Frame>
  );
}

function hourAfter(hour: string): string {
  return new Date(Date.parse(hour) + hourMs).toISOString();
}

function totalOf({ done, waiting, attention, quarantined }: Charts['provisioning'][number]): number {
  return done + waiting + attention + quarantined;
}
