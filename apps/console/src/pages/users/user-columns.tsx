import type { CurrentOrganization } from '../../access/index.ts';
import type { User } from '../../api/index.ts';
import { type Column, fullName, Go, path, StateBadge, stateWord, Time, Who } from '../../parts/index.ts';

/** The columns of the users' table. */
export function userColumns(organization: CurrentOrganization): readonly Column<User>[] {
  const org = organization.slug;
  return [
    {
      key: 'name',
      title: 'Name',
      render: (user) => (
        <Who
          name={<Go href={path`/o/${org}/users/${user.id}/summary`}>{fullName(user)}</Go>}
          under={user.email}
        />
      ),
    },
    {
      key: 'state',
      title: 'State',
      render: (user) => <Who name={<StateBadge state={stateOf(user)} />} under={<Since user={user} />} />,
    },
    { key: 'role', title: 'Role', render: (user) => roleOf(user, organization.id) },
    { key: 'drift', title: 'Zitadel', minor: true, render: (user) => <ZitadelCell user={user} /> },
    { key: 'netbird', title: 'NetBird', minor: true, render: (user) => <NetbirdCell user={user} /> },
    {
      key: 'run',
      title: 'Last run',
      minor: true,
      render: ({ lastRun }) =>
        lastRun ? (
          <Go
            href={path`/o/${org}/runs/${lastRun.id}`}
            aria-label={`Last run: ${stateWord(lastRun.state).text}`}
          >
            <StateBadge state={lastRun.state} />
          </Go>
        ) : (
          '–'
        ),
    },
    { key: 'changed', title: 'Changed', minor: true, render: ({ updatedAt }) => <Time at={updatedAt} /> },
  ];
}

/** Since when somebody is not active, and on a closer look by whom and why. */
function Since({ user }: { readonly user: User }) {
  const { stateChangedAt, stateChangedBy, stateReason } = user;
  if (stateOf(user) === 'active' || !stateChangedAt) return null;
  const why = [stateChangedBy && `by ${stateChangedBy}`, stateReason].filter(Boolean).join(': ');
  return (
    <span title={why}>
      since <Time at={stateChangedAt} />
    </span>
  );
}

/** One word for a user's state; older servers tell only whether it is active. */
function stateOf(user: User): string {
  return user.state ?? (user.active ? 'active' : 'inactive');
}

/** The role in an organization; a dash where there is none. */
function roleOf(user: User, organizationId: string): string {
  return user.memberships.find((membership) => membership.organizationId === organizationId)?.role ?? '–';
}

/** Whether Zitadel says the same; never a sign of peace where nothing is known. */
function ZitadelCell({ user }: { readonly user: User }) {
  const { zitadelState } = user;
  if (zitadelState === undefined || zitadelState === null || zitadelState === 'unknown') {
    return <span title="Not read from Zitadel yet">?</span>;
  }
  const agrees = (zitadelState === 'active' || zitadelState === 'initial') === user.active;
  return (
    <span>
      {agrees ? zitadelState : <StateBadge state="drifted" detail={zitadelState} />}
      {user.zitadelSeenAt && (
        <>
          , <Time at={user.zitadelSeenAt} />
        </>
      )}
    </span>
  );
}

function NetbirdCell({ user }: { readonly user: User }) {
  const { netbirdState } = user;
  if (netbirdState === undefined || netbirdState === null || netbirdState === 'none') return <span>–</span>;
  return (
    <span>
      {netbirdState}
      {user.netbirdSeenAt && (
        <>
          , <Time at={user.netbirdSeenAt} />
        </>
      )}
    </span>
  );
}
