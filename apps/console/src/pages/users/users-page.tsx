import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useOrganization } from '../../access/index.ts';
import { usersQuery } from '../../api/index.ts';
import {
  Button,
  ColumnMenu,
  DataTable,
  Empty,
  FilterInput,
  filterQuery,
  PageHeader,
  parseFilter,
  plural,
  Refreshing,
  Remote,
  Toolbar,
  useSelection,
  useShownColumns,
} from '../../parts/index.ts';
import { MoreRows, NewsBar, NoMatch, useList } from '../shared/index.ts';
import { SortSelect } from './sort-select.tsx';
import { userColumns } from './user-columns.tsx';

// Not needed to show who is here.
const BulkActions = lazy(async () => ({ default: (await import('./bulk-actions.tsx')).BulkActions }));
const CreateUser = lazy(async () => ({ default: (await import('./create-user.tsx')).CreateUser }));

const route = getRouteApi('/o/$org/users');
/** As many as one bulk action may have. */
const mostAtOnce = 1_000;
const mostPages = 5;
const filters = {
  state: [
    'active',
    'inactive',
    'inactive_elsewhere',
    'locked',
    'not_set_up',
    'waiting',
    'attention',
    'quarantined',
  ],
  role: ['admin', 'manager', 'user'],
} as const;

/** Who is here, in which state? */
export function UsersPage() {
  const organization = useOrganization();
  const { slug, can } = organization;
  const { q = '', sort, panel } = route.useSearch();
  const navigate = useNavigate();
  const selection = useSelection(`users ${organization.id}`);
  const filter = parseFilter(q, filters);
  const all = useMemo(() => userColumns(organization), [organization]);
  const columns = useShownColumns('users', all);
  const query = useInfiniteQuery(
    usersQuery({
      organization: organization.id,
      ...filterQuery(filter),
      ...(sort ? { sort } : {}),
    }),
  );
  const { rows, news, show, total } = useList(query, {
    list: `${organization.id} ${q} ${sort ?? ''}`,
    rowKey: ({ id }) => id,
  });
  const goTo = (change: { q?: string; sort?: string; panel?: string }) => {
    const next = { q, sort, panel, ...change };
    void navigate({
      to: '/o/$org/users',
      params: { org: slug },
      search: Object.fromEntries(Object.entries(next).filter(([, value]) => value)),
      replace: true,
    });
  };
  const chooseAll = async () => {
    let page = await query.fetchNextPage();
    while (page.hasNextPage && (page.data?.pages.length ?? 0) < mostPages) page = await query.fetchNextPage();
    selection.set(
      (page.data?.pages ?? [])
        .flatMap(({ items }) => items)
        .map(({ id }) => id)
        .slice(0, mostAtOnce),
    );
  };
  const create = (variant: 'filled' | 'default') =>
    can('users.write') && (
      <Button variant={variant} onClick={() => goTo({ panel: 'create' })}>
        Create user
      </Button>
    );
  return (
    <>
      <PageHeader title="Users" actions={create('filled')}>
        {total === undefined || q !== ''
          ? `The people of ${organization.name}`
          : `${plural(total, 'person', 'people')} in ${organization.name}`}
        , as they are here, at Zitadel and at NetBird.
      </PageHeader>
      <Toolbar>
        <FilterInput
          label="Name or mail"
          value={q}
          onChange={(value) => goTo({ q: value })}
          options={filters}
        />
        <SortSelect value={sort} onChange={(value) => goTo({ sort: value })} />
        <ColumnMenu page="users" columns={all} />
      </Toolbar>
      <NewsBar news={news} onShow={show} />
      <Refreshing on={query.isRefetching} />
      <Remote query={query} what="The users">
        {() => {
          if (rows.length === 0) {
            return q === '' ? (
              <Empty action={create('default')} command={`drawbridge users create MAIL --org ${slug}`}>
                Nobody is in {organization.name} yet.
              </Empty>
            ) : (
              <NoMatch what="users" filter={q} onClear={() => goTo({ q: '' })} />
            );
          }
          return (
            <>
              <DataTable
                label="Users"
                kind="user"
                columns={columns}
                rows={rows}
                rowKey={({ id }) => id}
                selection={selection}
                gone={news.gone}
                {...(typeof total === 'number' ? { total } : {})}
                onOpen={({ id }) =>
                  void navigate({ to: '/o/$org/users/$id/$tab', params: { org: slug, id, tab: 'summary' } })
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
              <Suspense>
                {selection.count > 0 && (
                  <BulkActions
                    selection={selection}
                    users={rows}
                    {...(query.hasNextPage ? { onAll: () => void chooseAll() } : {})}
                    total={total}
                  />
                )}
              </Suspense>
            </>
          );
        }}
      </Remote>
      <Suspense>
        {panel === 'create' && (
          <CreateUser
            onClose={() => {
              show(); // whoever made one wants to see it
              goTo({ panel: '' });
            }}
          />
        )}
      </Suspense>
    </>
  );
}
