import type { Clock } from '@drawbridge/kit';
import type { NetbirdPeer } from '@drawbridge/netbird';
import type { IntegrationRegistry } from '../integrations/index.ts';
import { stateWord } from '../provisioning/index.ts';
import type { UserView } from '../users/index.ts';
import { look, type Seen } from './place.ts';

/** A user as Zitadel has it. */
export interface ZitadelPlace {
  readonly state: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
  readonly organizationId: string | null;
  readonly roles: readonly string[];
}

/** A user as NetBird has it; `state` is `none` where the organization has no NetBird, or the user never signed in there. */
export interface NetbirdPlace {
  readonly state: 'none' | 'waiting' | 'active' | 'blocked';
  readonly id: string | null;
  readonly email: string | null;
  readonly name: string | null;
  readonly role: string | null;
  readonly groups: readonly string[];
  readonly lastSeen: string | null;
}

/** Reads a user in the other places, now. */
export async function readPlaces(
  { integrations, clock }: { readonly integrations: IntegrationRegistry; readonly clock: Clock },
  { user }: Pick<UserView, 'user'>,
): Promise<{ readonly zitadel: Seen<ZitadelPlace>; readonly netbird: Seen<NetbirdPlace> }> {
  const [zitadel, netbird] = await Promise.all([
    look(clock, (signal) => readZitadel(integrations, user, signal)),
    look(clock, (signal) => readNetbird(integrations, user, signal)),
  ]);
  return { zitadel, netbird };
}

type UserRow = UserView['user'];

async function readZitadel(
  integrations: IntegrationRegistry,
  user: UserRow,
  signal: AbortSignal,
): Promise<ZitadelPlace> {
  const nowhere = { email: null, emailVerified: false, name: null, organizationId: null, roles: [] };
  if (user.zitadel_user_id === null) return { state: 'none', ...nowhere };
  const { zitadel, projectId, organization } = await integrations.tenant(user.organization_id);
  const found = await zitadel.users.find(user.zitadel_user_id, { signal });
  if (!found) return { state: 'deleted', ...nowhere };
  const filter = { userId: found.userId, projectId, organizationId: organization.zitadel_org_id };
  const [authorization] = await zitadel.authorizations.list(filter, { signal }).all();
  return {
    state: stateWord(found.state),
    email: found.human?.email?.email ?? null,
    emailVerified: found.human?.email?.isVerified ?? false,
    name: found.human?.profile?.displayName ?? null,
    organizationId: found.organizationId,
    roles: authorization?.roles?.map(({ key }) => key ?? '') ?? [],
  };
}

async function readNetbird(
  integrations: IntegrationRegistry,
  user: UserRow,
  signal: AbortSignal,
): Promise<NetbirdPlace> {
  const nobody = { id: null, email: null, name: null, role: null, groups: [], lastSeen: null };
  const { organization } = await integrations.place(user.organization_id);
  const client = await integrations.netbird(organization);
  if (!client || user.zitadel_user_id === null) return { state: 'none', ...nobody };
  const found = await client.users.findBySubject(user.zitadel_user_id, { signal });
  if (!found) return { state: 'waiting', ...nobody };
  const names = new Map((await client.groups.list({ signal })).map(({ id, name }) => [id, name]));
  return {
    state: found.blocked ? 'blocked' : 'active',
    id: found.id,
    email: found.email || null,
    name: found.name || null,
    role: found.role,
    groups: found.autoGroups.map((id) => names.get(id) ?? id),
    lastSeen: found.lastLogin?.toISOString() ?? null,
  };
}

/** The devices of a user in NetBird; none where the organization has no NetBird, or the user never signed in there. */
export async function readDevices(
  integrations: IntegrationRegistry,
  { user }: Pick<UserView, 'user'>,
  signal: AbortSignal,
): Promise<readonly NetbirdPeer[]> {
  const { organization } = await integrations.place(user.organization_id);
  const client = await integrations.netbird(organization);
  if (!client || user.zitadel_user_id === null) return [];
  const found = await client.users.findBySubject(user.zitadel_user_id, { signal });
  return found ? await client.peers.ofUser(found.id, { signal }) : [];
}
