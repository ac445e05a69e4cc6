import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { usersQuery } from '../../api/index.ts';
import {
  DataTable,
  Empty,
  FilterInput,
  PageHeader,
  parseFilter,
  Refreshing,
  Remote,
  Toolbar,
  useSelection,
} from '../../parts/index.ts';
import { MoreRows } from '../shared/index.ts';
import { BulkActions } from './bulk-actions.tsx';
import { CreateUser } from './create-user.tsx';
import { SortSelect } from './sort-select.tsx';
import { userColumns } from './user-columns.tsx';

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
  const selection = useSelection();
  const { text, named } = parseFilter(q, Object.keys(filters));
  const query = useInfiniteQuery(
    usersQuery({
      organization: organization.id,
      ...(text ? { q: text } : {}),
      ...named,
      ...(sort ? { sort } : {}),
    }),
  );
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
      (page.data?.pages ?? []).flatMap(({ items }) => items.map(({ id }) => id)).slice(0, mostAtOnce),
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
        The people of {organization.name}, as they are here, at Zitadel and at NetBird.
      </PageHeader>
      <Toolbar>
        <FilterInput
          label="Name or mail"
          value={q}
          onChange={(value) => goTo({ q: value })}
          options={filters}
        />
        <SortSelect value={sort} onChange={(value) => goTo({ sort: value })} />
      </Toolbar>
      <Refreshing on={query.isRefetching} />
      <Remote query={query} what="The users">
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          const total = pages[0]?.total;
          if (rows.length === 0) {
            return q === '' ? (
              <Empty action={create('default')} command={`drawbridge users create MAIL --org ${slug}`}>
                Nobody is in {organization.name} yet.
              </Empty>
            ) : (
              <Empty
                action={
                  <Button variant="default" onClick={() => goTo({ q: '' })}>
                    Clear filter
                  </Button>
                }
              >
                No users match <code>{q}</code>.
              </Empty>
            );
          }
          return (
            <>
              <DataTable
                label="Users"
                kind="user"
                columns={userColumns(organization)}
                rows={rows}
                rowKey={({ id }) => id}
                selection={selection}
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
              {selection.count > 0 && (
                <BulkActions
                  selection={selection}
                  users={rows}
                  {...(query.hasNextPage ? { onAll: () => void chooseAll() } : {})}
                  total={total}
                />
              )}
            </>
          );
        }}
      </Remote>
      {panel === 'create' && <CreateUser onClose={() => goTo({ panel: '' })} />}
    </>
  );
}
