import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { type HistoryEntry, historyQuery } from '../../api/index.ts';
import { type Column, DataTable, Empty, formatDuration, Remote, Time } from '../../parts/index.ts';
import { Actor, actionWords, MoreRows } from '../shared/index.ts';

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
            rowKey={({ kind, id }) => `${kind} ${id}`}
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
      render: ({ actor }) => <Actor actor={actor} />,
    },
    { key: 'why', title: 'Why', render: ({ reason }) => reason ?? '–' },
  ];
}

function What({ entry, org }: { readonly entry: HistoryEntry; readonly org: string }) {
  if (entry.kind === 'run') {
    return (
      <Link to="/o/$org/runs/$id" params={{ org, id: entry.id }}>
        {actionWords(entry.what)}
      </Link>
    );
  }
  const denied = entry.deniedAfterMs === null ? '' : `, denied after ${formatDuration(entry.deniedAfterMs)}`;
  return (
    <span>
      {entry.kind === 'audit' ? actionWords(entry.what) : entry.what}
      {denied}
    </span>
  );
}
