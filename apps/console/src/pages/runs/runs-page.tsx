import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type CurrentOrganization, useOrganization } from '../../access/index.ts';
import { overviewQuery, type Run, runsQuery, withQuery } from '../../api/index.ts';
import {
  type Column,
  ColumnMenu,
  DataTable,
  Empty,
  FilterInput,
  filterQuery,
  formatCount,
  Go,
  PageHeader,
  parseFilter,
  path,
  Refreshing,
  Remote,
  StateBadge,
  stateWord,
  Time,
  Toolbar,
  useShownColumns,
} from '../../parts/index.ts';
import { Actor, MoreRows, NewsBar, NoMatch, runTitle, useList } from '../shared/index.ts';

const route = getRouteApi('/o/$org/runs');
const filters = {
  state: [
    'queued',
    'running',
    'waiting',
    'done',
    'attention',
    'quarantined',
    'compensating',
    'compensated',
    'abandoned',
  ],
  user: [],
  batch: [],
  from: [],
  to: [],
} as const;

/** What was set in motion here, and what of it waits for a person? */
export function RunsPage() {
  const organization = useOrganization();
  const { q = '' } = route.useSearch();
  const navigate = useNavigate();
  const filter = parseFilter(q, filters);
  const query = useInfiniteQuery(runsQuery({ organization: organization.id, ...filterQuery(filter) }));
  const { rows, news, show, total } = useList(query, {
    list: `${organization.id} ${q}`,
    rowKey: ({ id }) => id,
  });
  const all = useMemo(() => columns(organization.slug), [organization.slug]);
  const shown = useShownColumns('runs', all);
  const setFilter = (value: string) =>
    void navigate({
      to: '/o/$org/runs',
      params: { org: organization.slug },
      search: value ? { q: value } : {},
      replace: true,
    });
  return (
    <>
      <PageHeader title="Runs">
        <Stopped organization={organization} />
        What was set in motion in {organization.name}: newest first, each with every step it took.
      </PageHeader>
      <Toolbar>
        <FilterInput label="Filter runs" value={q} onChange={setFilter} options={filters} />
        <ColumnMenu page="runs" columns={all} />
      </Toolbar>
      <NewsBar news={news} onShow={show} />
      <Refreshing on={query.isRefetching} />
      <Remote query={query} what="The runs">
        {() => {
          if (rows.length === 0) {
            return q === '' ? (
              <Empty command={`drawbridge users create MAIL --org ${organization.slug}`}>
                Nothing has run here yet. Creating a user starts the first run.
              </Empty>
            ) : (
              <NoMatch what="runs" filter={q} onClear={() => setFilter('')} />
            );
          }
          return (
            <DataTable
              label="Runs"
              kind="run"
              columns={shown}
              gone={news.gone}
              rows={rows}
              rowKey={({ id }) => id}
              onOpen={({ id }) =>
                void navigate({ to: '/o/$org/runs/$id', params: { org: organization.slug, id } })
              }
              foot={
                <MoreRows
                  loaded={rows.length}
                  total={total}
                  hasMore={query.hasNextPage}
                  busy={query.isFetchingNextPage}
                  onMore={() => void query.fetchNextPage()}
                />
              }
            />
          );
        }}
      </Remote>
    </>
  );
}

/** The overview tells of no more. */
const mostTold = 50;

/** How many of them wait for a person: the page's answer. */
function Stopped({ organization }: { readonly organization: CurrentOrganization }) {
  const { data } = useQuery({
    ...overviewQuery(organization.id),
    enabled: organization.can('users.read'),
  });
  if (!data) return null;
  const count = (state: string) => data.attention.filter(({ kind }) => kind === state).length;
  const parts = (['attention', 'quarantined'] as const).flatMap((state) =>
    count(state) === 0
      ? []
      : [
          <span key={state}>
            <Go href={withQuery(path`/o/${organization.slug}/runs`, { q: `state:${state}` })}>
              {stateWord(state).text}: {formatCount(count(state))}
              {count(state) >= mostTold && ' or more'}
            </Go>
            .{' '}
          </span>,
        ],
  );
  return <span>{parts.length === 0 ? 'None waits for a person.' : parts}</span>;
}

function columns(org: string): readonly Column<Run>[] {
  return [
    {
      key: 'title',
      title: 'Run',
      render: (run) => <Go href={path`/o/${org}/runs/${run.id}`}>{runTitle(run)}</Go>,
    },
    { key: 'state', title: 'State', render: ({ state }) => <StateBadge state={state} /> },
    { key: 'reason', title: 'Why', minor: true, render: ({ reason }) => reason ?? '–' },
    { key: 'by', title: 'By', minor: true, render: ({ requestedBy }) => <Actor actor={requestedBy} /> },
    { key: 'at', title: 'Requested', render: ({ createdAt }) => <Time at={createdAt} /> },
    { key: 'changed', title: 'Changed', minor: true, render: ({ updatedAt }) => <Time at={updatedAt} /> },
  ];
}
