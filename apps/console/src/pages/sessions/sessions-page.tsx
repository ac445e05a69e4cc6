import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { type Page, request, type User } from '../../api/index.ts';
import {
  Card,
  DataTable,
  Empty,
  FilterInput,
  filterQuery,
  fullName,
  PageHeader,
  parseFilter,
  Remote,
  StateBadge,
  Toolbar,
} from '../../parts/index.ts';
import { SessionList } from '../shared/index.ts';

const route = getRouteApi('/o/$org/sessions');
const shownPeople = 8;

/** Where is this person signed in? One finds the person first: Zitadel tells sessions by person. */
export function SessionsPage() {
  const organization = useOrganization();
  const { q = '' } = route.useSearch();
  const navigate = useNavigate();
  const filter = filterQuery(parseFilter(q, {}));
  const people = useQuery({
    queryKey: ['users', 'sessions', organization.id, filter],
    queryFn: async ({ signal }) =>
      (
        await request<Page<User>>('/api/users', {
          query: { organization: organization.id, ...filter, limit: shownPeople },
          signal,
        })
      ).items,
  });
  return (
    <>
      <PageHeader title="Sessions">
        Where somebody of {organization.name} is signed in, and the way to end it.
      </PageHeader>
      <Toolbar>
        <FilterInput
          label="Name or mail"
          value={q}
          options={{}}
          onChange={(value) =>
            void navigate({
              to: '/o/$org/sessions',
              params: { org: organization.slug },
              search: value ? { q: value } : {},
              replace: true,
            })
          }
        />
      </Toolbar>
      <Remote query={people} what="The users">
        {(users) => {
          const [only] = users;
          if (!only)
            return <Empty>{q ? `Nobody matches “${q}”.` : `Nobody is in ${organization.name} yet.`}</Empty>;
          if (users.length > 1) return <Choose users={users} />;
          return (
            <Card title={`Sessions of ${fullName(only)}`}>
              <SessionList
                userId={only.id}
                name={fullName(only)}
                mayEnd={organization.can('sessions.write')}
              />
            </Card>
          );
        }}
      </Remote>
    </>
  );
}

/** More than one person fits: each leads to their sessions. */
function Choose({ users }: { readonly users: readonly User[] }) {
  const { slug } = useOrganization();
  const navigate = useNavigate();
  const open = (user: User) =>
    void navigate({ to: '/o/$org/users/$id/$tab', params: { org: slug, id: user.id, tab: 'sessions' } });
  return (
    <DataTable
      label="Whose sessions"
      columns={[
        {
          key: 'name',
          title: 'Name',
          render: (user) => (
            <Link to="/o/$org/users/$id/$tab" params={{ org: slug, id: user.id, tab: 'sessions' }}>
              {fullName(user)}
            </Link>
          ),
        },
        { key: 'mail', title: 'Mail', render: ({ email }) => email },
        {
          key: 'state',
          title: 'State',
          render: (user) => <StateBadge state={user.state ?? (user.active ? 'active' : 'inactive')} />,
        },
      ]}
      rows={users}
      rowKey={({ id }) => id}
      onOpen={open}
      foot={<span>The first {users.length} that fit. Type more of the name to find one person.</span>}
    />
  );
}
