import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { type HistoryEntry, historyQuery } from '../../api/index.ts';
import {
  type Column,
  Copyable,
  DataTable,
  Empty,
  formatDuration,
  Remote,
  StateBadge,
  Time,
} from '../../parts/index.ts';
import { Actor, MoreRows } from '../shared/index.ts';

/** Status changes, runs and audit of one person on one line of time. */
export function History({ userId }: { readonly userId: string }) {
  const { slug } = useOrganization();
  const query = useInfiniteQuery(historyQuery(userId));
  return (
    <Remote query={query} what="The history">
      {({ pages }) => {
        const rows = pages.flatMap(({ items }) => items);
        if (rows.length === 0) return <Empty>Nothing has happened to this user yet.</Empty>;
        return (
          <DataTable
            label="History"
            columns={columns(slug)}
            rows={rows}
            rowKey={(entry) => `${entry.at} ${entry.kind} ${entry.id ?? ''} ${entry.action ?? ''}`}
            foot={
              <MoreRows
                loaded={rows.length}
                hasMore={query.hasNextPage}
                busy={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
            }
          />
        );
      }}
    </Remote>
  );
}

function columns(org: string): readonly Column<HistoryEntry>[] {
  return [
    { key: 'what', title: 'What', render: (entry) => <What entry={entry} org={org} /> },
    { key: 'at', title: 'When', render: ({ at }) => <Time at={at} /> },
    {
      key: 'by',
      title: 'By',
      render: ({ actor, cause }) => (actor ? <Actor actor={actor} /> : (cause ?? '–')),
    },
    { key: 'why', title: 'Why', render: ({ reason }) => reason ?? '–' },
    {
      key: 'request',
      title: 'Request',
      minor: true,
      render: ({ requestId }) =>
        requestId ? <Copyable value={requestId} label="request id" max={14} /> : '–',
    },
  ];
}

function What({ entry, org }: { readonly entry: HistoryEntry; readonly org: string }) {
  if (entry.kind === 'run' && entry.id) {
    return (
      <>
        <Link to="/o/$org/runs/$id" params={{ org, id: entry.id }}>
          {entry.title ?? 'Run'}
        </Link>{' '}
        {entry.state && <StateBadge state={entry.state} />}
      </>
    );
  }
  if (entry.kind === 'status') {
    return (
      <>
        <StateBadge state={textOf(entry.from)} /> → <StateBadge state={textOf(entry.to)} />
        {typeof entry.deniedAfterMs === 'number' && ` denied after ${formatDuration(entry.deniedAfterMs)}`}
      </>
    );
  }
  return <span>{entry.action ?? entry.kind}</span>;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : 'unknown';
}
