import { useQuery } from '@tanstack/react-query';
import { useMe } from '../../access/index.ts';
import { organizationsQuery, type User } from '../../api/index.ts';
import { Card, type Column, DataTable, Empty } from '../../parts/index.ts';

type Membership = User['memberships'][number];

/** Where the user has which role, and what that permits. */
export function Access({ user }: { readonly user: User }) {
  const me = useMe();
  const organizations = useQuery(organizationsQuery());
  const nameOf = (id: string) =>
    organizations.data?.find((one) => one.id === id)?.name ??
    me.organizations.find((one) => one.id === id)?.name ??
    id;
  const columns: readonly Column<Membership>[] = [
    { key: 'organization', title: 'Organization', render: ({ organizationId }) => nameOf(organizationId) },
    { key: 'role', title: 'Role', render: ({ role }) => role },
    { key: 'home', title: 'Home', render: ({ home }) => (home ? 'yes, signs in there' : 'no') },
  ];
  return (
    <>
      <Card title="Roles">
        {user.memberships.length === 0 ? (
          <Empty>The user has no role anywhere, and so may do nothing.</Empty>
        ) : (
          <DataTable
            label="Roles"
            columns={columns}
            rows={user.memberships}
            rowKey={({ organizationId }) => organizationId}
          />
        )}
      </Card>
      <Card title="Permissions">
        {user.permissions.length === 0 ? (
          <p className="muted">None yet: they come with the last steps of the run that makes the user.</p>
        ) : (
          <ul>
            {user.permissions.map((permission) => (
              <li key={permission}>
                <code>{permission}</code>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}
