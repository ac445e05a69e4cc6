import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { type User, userQuery } from '../../api/index.ts';
import { fullName, PageHeader, Remote, StateBadge, Time, useNeighbours } from '../../parts/index.ts';
import { Actor, Devices, SessionList, Tabs } from '../shared/index.ts';
import { Access } from './access.tsx';
import { History } from './history.tsx';
import { Summary } from './summary.tsx';
import { UserActions } from './user-actions.tsx';

const route = getRouteApi('/o/$org/users/$id/$tab');

/** Can this person work, and if not, why? */
export function UserPage() {
  const { org, id, tab } = route.useParams();
  const navigate = useNavigate();
  useNeighbours(
    'user',
    id,
    (next) => void navigate({ to: '/o/$org/users/$id/$tab', params: { org, id: next, tab } }),
  );
  const query = useQuery(userQuery(id));
  return (
    <Remote query={query} what="The user" rows={8}>
      {(user) => <Shown user={user} />}
    </Remote>
  );
}

function Shown({ user }: { readonly user: User }) {
  const { slug, can } = useOrganization();
  const { tab } = route.useParams();
  const base = `/o/${slug}/users/${user.id}`;
  const name = fullName(user);
  return (
    <>
      <PageHeader title={name} actions={<UserActions user={user} />}>
        <StateBadge state={user.state ?? (user.active ? 'active' : 'inactive')} explained />
        <span>{user.email}</span>
        <StateSentence user={user} />
        {user.lastRun && (
          <span>
            Last run:{' '}
            <Link to="/o/$org/runs/$id" params={{ org: slug, id: user.lastRun.id }}>
              <StateBadge state={user.lastRun.state} />
            </Link>
          </span>
        )}
      </PageHeader>
      <Tabs
        label={`Views of ${name}`}
        tabs={[
          { label: 'Summary', path: `${base}/summary` },
          { label: 'Access', path: `${base}/access` },
          ...(can('sessions.read') ? [{ label: 'Sessions', path: `${base}/sessions` }] : []),
          { label: 'Devices', path: `${base}/devices` },
          { label: 'History', path: `${base}/history` },
        ]}
      />
      {tab === 'summary' && <Summary user={user} />}
      {tab === 'access' && <Access user={user} />}
      {tab === 'sessions' && <SessionList userId={user.id} name={name} mayEnd={can('sessions.write')} />}
      {tab === 'devices' && <Devices userId={user.id} />}
      {tab === 'history' && <History userId={user.id} />}
    </>
  );
}

/** Since when, by whom and why a state is as it is. */
function StateSentence({ user }: { readonly user: User }) {
  if (!user.stateChangedAt) {
    return (
      <span>
        created <Time at={user.createdAt} />
      </span>
    );
  }
  return (
    <span>
      since <Time at={user.stateChangedAt} />
      {user.stateChangedBy && (
        <>
          , by <Actor actor={user.stateChangedBy} />
        </>
      )}
      {user.stateReason && `, because: ${user.stateReason}`}
    </span>
  );
}
