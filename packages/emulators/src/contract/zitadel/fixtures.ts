import type { SigningKey } from './wire.ts';
import { eventually, jwtToken, unique, Wire } from './wire.ts';

/** Makes an organization that goes again. */
export async function organization(wire: Wire): Promise<string> {
  const made = await wire.call('org', 'AddOrganization', { name: unique('contract') });
  const organizationId = made.organizationId ?? '';
  wire.undo('org', 'DeleteOrganization', { organizationId });
  return organizationId;
}

/** A human's fields as CreateUser takes them, already verified unless told otherwise. */
export function humanFields(email: string, verification: object = { isVerified: true }) {
  return { profile: { givenName: 'Con', familyName: 'Tract' }, email: { email, ...verification } };
}

/** Makes a human. It goes with its organization. */
export async function human(wire: Wire, organizationId: string, extra: object = {}): Promise<string> {
  const username = unique('user');
  const made = await wire.call('user', 'CreateUser', {
    organizationId,
    username,
    human: humanFields(`${username}@example.com`),
    ...extra,
  });
  return made.id ?? '';
}

/** Makes a machine with a key, ready to sign in. */
export async function machine(
  wire: Wire,
  organizationId: string,
): Promise<SigningKey & { readonly username: string }> {
  const username = unique('machine');
  const made = await wire.call('user', 'CreateUser', {
    organizationId,
    username,
    machine: { name: 'Contract' },
  });
  const key = await wire.call('user', 'AddKey', { userId: made.id, expirationDate: inAnHour() });
  const content = JSON.parse(Buffer.from(key.keyContent ?? '', 'base64').toString()) as SigningKey;
  return { ...content, username };
}

/** A caller with a machine's own token. A brand-new key may not be known at once. */
export async function asMachine(wire: Wire, key: SigningKey): Promise<Wire> {
  return eventually(async () => {
    const { status, body } = await jwtToken(wire.target, key);
    if (status !== 200) throw new Error(`the key is not known yet: ${status}`);
    return new Wire(wire.target, body.access_token ?? '');
  });
}

/** Makes a project with roles. It goes with its organization. */
export async function project(
  wire: Wire,
  organizationId: string,
  roles: readonly string[] = [],
): Promise<string> {
  const made = await wire.call('project', 'CreateProject', { organizationId, name: unique('project') });
  for (const roleKey of roles) {
    await wire.call('project', 'AddProjectRole', {
      projectId: made.projectId,
      roleKey,
      displayName: roleKey,
    });
  }
  return made.projectId ?? '';
}

/** An hour from now, RFC 3339. */
export function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}
