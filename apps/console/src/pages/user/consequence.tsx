import { useQuery } from '@tanstack/react-query';
import { useOrganization } from '../../access/index.ts';
import { devicesQuery, sessionsQuery, type User } from '../../api/index.ts';
import { plural } from '../../parts/index.ts';

/** What deactivating a person does: with numbers where they can be had, and nothing waits for them. */
export function DeactivationConsequence({ user, name }: { readonly user: User; readonly name: string }) {
  const { can } = useOrganization();
  const sessions = useQuery({ ...sessionsQuery(user.id), enabled: can('sessions.read') });
  const devices = useQuery(devicesQuery(user.id));
  return (
    <>
      {name} can no longer sign in. {sessionsEnd(sessions.data?.items.length)} within 30 s, and{' '}
      {devicesAre(devices.data?.items.length)}. Activating again does not bring sessions back. Programs that
      check tokens alone may let {name} in until the access token ends.
    </>
  );
}

function sessionsEnd(count: number | undefined): string {
  if (count === undefined) return 'All sessions end';
  return count === 1 ? '1 session ends' : `${plural(count, 'session')} end`;
}

function devicesAre(count: number | undefined): string {
  if (count === undefined) return 'all devices are blocked';
  return count === 1 ? '1 device is blocked' : `${plural(count, 'device')} are blocked`;
}
