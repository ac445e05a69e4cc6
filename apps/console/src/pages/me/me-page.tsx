import { Link } from '@tanstack/react-router';
import { useMe } from '../../access/index.ts';
import { Card, Copyable, Empty, Facts, PageHeader } from '../../parts/index.ts';
import { SessionList } from '../shared/index.ts';
import { OwnDevices } from './own-devices.tsx';

/** Who am I here, and where am I signed in? */
export function MePage() {
  const me = useMe();
  return (
    <>
      <PageHeader title={me.name ?? me.email ?? 'Me'}>
        {me.siteAdministrator ? 'You are signed in as site administrator.' : 'You are signed in.'}
      </PageHeader>
      <Card title="Profile">
        <Facts
          items={[
            ['Mail', me.email ? <Copyable key="mail" value={me.email} label="mail" max={48} /> : '–'],
            ['Subject at Zitadel', <Copyable key="subject" value={me.subject} label="subject" max={40} />],
            [
              'User here',
              me.userId ? <Copyable key="user" value={me.userId} label="user id" max={40} /> : '–',
            ],
          ]}
        />
      </Card>
      <Card title="My organizations">
        {me.organizations.length === 0 ? (
          <Empty>You have no part in any organization. An administrator of yours can give you a role.</Empty>
        ) : (
          <ul>
            {me.organizations.map(({ id, slug, name, permissions }) => (
              <li key={id}>
                {permissions.includes('users.read') ? (
                  <Link to="/o/$org" params={{ org: slug }}>
                    {name}
                  </Link>
                ) : (
                  name
                )}{' '}
                <span className="muted">{permissions.join(', ')}</span>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card title="My sessions">
        <SessionList name="you" mayEnd />
      </Card>
      {me.userId && (
        <Card title="My devices">
          <OwnDevices />
        </Card>
      )}
    </>
  );
}
