import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { type Run, runsQuery } from '../../api/index.ts';
import {
  type Column,
  DataTable,
  Empty,
  FilterInput,
  PageHeader,
  parseFilter,
  Refreshing,
  Remote,
  StateBadge,
  Time,
  Toolbar,
} from '../../parts/index.ts';
import { Actor, MoreRows, runTitle } from '../shared/index.ts';

const route = getRouteApi('/o/$org/runs');
const filters = {
  state: ['running', 'waiting', 'done', 'attention', 'quarantined', 'compensated', 'abandoned'],
  user: [],
  batch: [],
} as const;

/** What was set in motion here, and what of it waits for a person? */
export function RunsPage() {
  const organization = useOrganization();
  const { q = '' } = route.useSearch();
  const navigate = useNavigate();
  const { named } = parseFilter(q, Object.keys(filters));
  const query = useInfiniteQuery(runsQuery({ organization: organization.id, ...named }));
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
        What was set in motion in {organization.name}: newest first, each with every step it took.
      </PageHeader>
      <Toolbar>
        <FilterInput label="Filter runs" value={q} onChange={setFilter} options={filters} />
      </Toolbar>
      <Refreshing on={query.isRefetching} />
      <Remote query={query} what="The runs">
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0) return <NoRuns filter={q} onClear={() => setFilter('')} />;
          return (
            <DataTable
              label="Runs"
              kind="run"
              columns={columns(organization.slug)}
              rows={rows}
              rowKey={({ id }) => id}
              onOpen={({ id }) =>
                void navigate({ to: '/o/$org/runs/$id', params: { org: organization.slug, id } })
              }
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
    </>
  );
}

function NoRuns({ filter, onClear }: { readonly filter: string; readonly onClear: () => void }) {
  if (filter === '') {
    return (
      <Empty command="drawbridge users create MAIL --org ORGANIZATION">
        Nothing has run here yet. Creating a user starts the first run.
      </Empty>
    );
  }
  return (
    <Empty
      action={
        <button type="button" onClick={onClear}>
          Clear filter
        </button>
      }
    >
      No runs match <code>{filter}</code>.
    </Empty>
  );
}

function columns(org: string): readonly Column<Run>[] {
  return [
    {
      key: 'title',
      title: 'Run',
      render: (run) => (
        <Link to="/o/$org/runs/$id" params={{ org, id: run.id }}>
          {runTitle(run)}
        </Link>
      ),
    },
    { key: 'state', title: 'State', render: ({ state }) => <StateBadge state={state} /> },
    { key: 'reason', title: 'Why', minor: true, render: ({ reason }) => reason ?? '–' },
    { key: 'by', title: 'By', minor: true, render: ({ requestedBy }) => <Actor actor={requestedBy} /> },
    { key: 'at', title: 'Requested', render: ({ createdAt }) => <Time at={createdAt} /> },
    { key: 'changed', title: 'Changed', minor: true, render: ({ updatedAt }) => <Time at={updatedAt} /> },
  ];
}
