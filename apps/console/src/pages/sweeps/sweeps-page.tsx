import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Needs, useOrganization } from '../../access/index.ts';
import { request, type Sweep, sweepsQuery } from '../../api/index.ts';
import {
  Button,
  ColumnMenu,
  DataTable,
  Empty,
  FilterInput,
  filterQuery,
  formatCount,
  PageHeader,
  ProblemPanel,
  parseFilter,
  plural,
  Refreshing,
  Remote,
  StateBadge,
  Time,
  Toolbar,
  useShownColumns,
} from '../../parts/index.ts';
import { MoreRows, NewsBar, NoMatch, useList } from '../shared/index.ts';
import { sweepColumns } from './sweep-columns.tsx';

const organizationRoute = getRouteApi('/o/$org/sweeps');
const siteRoute = getRouteApi('/site/sweeps');
const filters = {
  state: ['running', 'done', 'braked', 'approved', 'discarded', 'failed'],
  cause: ['timer', 'person', 'start', 'event'],
} as const;

/** What the last passes changed in one organization. */
export function OrganizationSweepsPage() {
  const { id, slug, name, can } = useOrganization();
  const { q = '' } = organizationRoute.useSearch();
  return (
    <Sweeps base={`/o/${slug}/sweeps`} organization={id} about={name} q={q} mayStart={can('users.write')} />
  );
}

/** What the last passes changed everywhere. */
export function SiteSweepsPage() {
  const { q = '' } = siteRoute.useSearch();
  return <Sweeps base="/site/sweeps" organization={undefined} about="all organizations" q={q} mayStart />;
}

interface SweepsProps {
  readonly base: string;
  readonly organization: string | undefined;
  readonly about: string;
  readonly q: string;
  readonly mayStart: boolean;
}

function Sweeps({ base, organization, about, q, mayStart }: SweepsProps) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [failure, setFailure] = useState<unknown>();
  const filter = parseFilter(q, filters);
  const query = useInfiniteQuery(sweepsQuery({ organization, ...filterQuery(filter) }));
  const { rows, news, show, total } = useList(query, {
    list: `${organization ?? ''} ${q}`,
    rowKey: ({ id }) => id,
  });
  const all = sweepColumns(base);
  const shown = useShownColumns('sweeps', all);
  const setFilter = (value: string) =>
    void navigate({ to: base, search: value ? { q: value } : {}, replace: true });
  const start = async () => {
    setFailure(undefined);
    try {
      const sweep = await request<Sweep>('/api/zitadel/users/sync-status', {
        method: 'POST',
        body: organization === undefined ? {} : { organization },
      });
      await client.invalidateQueries({ queryKey: ['sweeps'] });
      await navigate({ to: `${base}/${sweep.id}` });
    } catch (error) {
      setFailure(error);
    }
  };
  const sweepNow = (variant: 'filled' | 'default') => (
    <Button variant={variant} disabled={!mayStart} onClick={() => void start()}>
      Sweep now
    </Button>
  );
  return (
    <>
      <PageHeader title="Sweeps" actions={sweepNow('filled')}>
        <Latest sweep={q === '' ? rows[0] : undefined} base={base} />
        Each compares {about} with Zitadel and puts right what differs. Too much at once is held until a
        person looked at it.
      </PageHeader>
      {!mayStart && (
        <p>
          <Needs permission="users.write" to="start a sweep" />
        </p>
      )}
      {failure !== undefined && <ProblemPanel error={failure} what="No sweep was started" />}
      <Toolbar>
        <FilterInput label="Filter sweeps" value={q} options={filters} onChange={setFilter} />
        <ColumnMenu page="sweeps" columns={all} />
      </Toolbar>
      <NewsBar news={news} onShow={show} />
      <Refreshing on={query.isRefetching} />
      <Remote query={query} what="The sweeps">
        {() => {
          if (rows.length === 0) {
            return q === '' ? (
              <Empty action={sweepNow('default')} command="drawbridge sync">
                No sweep has run yet.
              </Empty>
            ) : (
              <NoMatch what="sweeps" filter={q} onClear={() => setFilter('')} />
            );
          }
          return (
            <DataTable
              label="Sweeps"
              columns={shown}
              gone={news.gone}
              rows={rows}
              rowKey={({ id }) => id}
              onOpen={({ id }) => void navigate({ to: `${base}/${id}` })}
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

/** What the last pass changed, or that it is held: the page's answer. */
function Latest({ sweep, base }: { readonly sweep: Sweep | undefined; readonly base: string }) {
  if (!sweep) return null;
  return (
    <span>
      <Link to={`${base}/${sweep.id}` as string}>Last sweep</Link> <Time at={sweep.startedAt} />{' '}
      <StateBadge state={sweep.state} />{' '}
      {sweep.state === 'braked'
        ? `${plural(sweep.held, 'user')} held, nobody deactivated.`
        : `${plural(sweep.activated + sweep.deactivated + sweep.corrected, 'user')} of ${formatCount(sweep.usersRead)} changed.`}
    </span>
  );
}
