import { Link } from '@tanstack/react-router';
import type { Charts } from '../../../api/index.ts';
import { formatClock, path, plural } from '../../../parts/index.ts';
import { Axes, horizontal, linear, roundTicks, vertical } from './axes.tsx';
import css from './charts.module.css';
import { box, Frame, height, opens } from './frame.tsx';

const most = 48;

/** What the last sweeps found different, and how much of it each was allowed to change. */
export function DriftChart({ sweeps, org }: { readonly sweeps: Charts['drift']; readonly org: string }) {
  const shown = sweeps.slice(-most);
  const last = shown.at(-1);
  const ticks = roundTicks(
    Math.max(...shown.map(({ corrected, left, limit }) => Math.max(corrected + left, limit)), 1),
  );
  const y = linear([0, ticks.at(-1)?.[0] ?? 1], vertical);
  const [from, to] = horizontal;
  const step = (to - from) / Math.max(shown.length, 1);
  const finding = last
    ? `The last sweep corrected ${plural(last.corrected, 'user')} and left ${last.left}.`
    : 'No sweep has run yet.';
  // A sweep without a limit breaks the line: it was not braked at none, it was not braked at all.
  const limits = shown.map(({ limit }, at) => {
    if (limit === 0) return '';
    const begins = at === 0 || shown[at - 1]?.limit === 0;
    return `${begins ? 'M' : 'L'}${from + at * step} ${y(limit)}H${from + (at + 1) * step}`;
  });
  return (
    <Frame
      finding={finding}
      aside={
        <Link to="/o/$org/sweeps" params={{ org }}>
          Sweeps
        </Link>
      }
      head={['Sweep', 'Corrected', 'Left', 'Limit']}
      rows={shown.map(({ sweep, at, corrected, left, limit }) => ({
        key: sweep,
        cells: [formatClock(Date.parse(at)), corrected, left, limit === 0 ? 'none' : limit],
        open: path`/o/${org}/sweeps/${sweep}`,
      }))}
      legend={[
        ['corrected', 'corrected'],
        ['left as it was', 'left'],
      ]}
    >
      {(fill) => (
        <>
          <Axes
            y={y}
            ticks={ticks}
            from={shown[0] ? formatClock(Date.parse(shown[0].at)) : ''}
            to={last ? formatClock(Date.parse(last.at)) : ''}
          />
          {shown.map(({ sweep, corrected, left }, at) => (
            <g key={sweep} className={css.column} {...opens(path`/o/${org}/sweeps/${sweep}`)}>
              <rect
                className={css.target}
                x={from + at * step}
                width={step}
                y={box.top}
                height={height - box.bottom - box.top}
              />
              <rect
                className={css.corrected}
                fill={fill('corrected')}
                x={from + at * step + 1}
                width={Math.max(step - 2, 1)}
                y={y(corrected)}
                height={y(0) - y(corrected)}
              />
              <rect
                className={css.left}
                fill={fill('left')}
                x={from + at * step + 1}
                width={Math.max(step - 2, 1)}
                y={y(corrected + left)}
                height={y(corrected) - y(corrected + left)}
              />
            </g>
          ))}
          <path className={css.limit} d={limits.join('')} />
        </>
      )}
    </Frame>
  );
}
