import { Link } from '@tanstack/react-router';
import type { Sweep } from '../../api/index.ts';
import { type Column, formatClock, formatCount, formatDuration, StateBadge } from '../../parts/index.ts';
import { Actor } from '../shared/index.ts';

/** The columns of the sweeps' table. */
export function sweepColumns(base: string): readonly Column<Sweep>[] {
  const count = (key: string, title: string, value: (sweep: Sweep) => number): Column<Sweep> => ({
    key,
    title,
    number: true,
    minor: true,
    render: (sweep) => formatCount(value(sweep)),
  });
  return [
    {
      key: 'started',
      title: 'Started',
      render: ({ id, startedAt }) => (
        <Link to={`${base}/${id}` as string}>{formatClock(Date.parse(startedAt))}</Link>
      ),
    },
    { key: 'state', title: 'State', render: ({ state }) => <StateBadge state={state} /> },
    {
      key: 'by',
      title: 'By',
      minor: true,
      render: ({ cause, requestedBy }) => (cause === 'person' ? <Actor actor={requestedBy} /> : cause),
    },
    { key: 'canary', title: 'Canary', minor: true, render: ({ canary }) => canaryWord(canary) },
    count('read', 'Users read', ({ usersRead }) => usersRead),
    count('activated', 'Activated', ({ activated }) => activated),
    count('deactivated', 'Deactivated', ({ deactivated }) => deactivated),
    count('corrected', 'Corrected', ({ corrected }) => corrected),
    { key: 'held', title: 'Held', number: true, render: ({ held }) => formatCount(held) },
    {
      key: 'took',
      title: 'Took',
      number: true,
      minor: true,
      render: ({ startedAt, finishedAt }) =>
        finishedAt ? formatDuration(Date.parse(finishedAt) - Date.parse(startedAt)) : '–',
    },
  ];
}

/** Whether the object that proves Zitadel's answers to be sound was found. */
function canaryWord(canary: string | null): string {
  if (canary === null) return '–';
  return canary === 'ok' ? '✓ found' : canary;
}
