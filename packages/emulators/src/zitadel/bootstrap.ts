import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { Secret } from '@drawbridge/kit';
import { generateRsaPair, hashPassword, publicPem } from './crypto.ts';
import { type AnyDraft, IdGenerator } from './store/index.ts';

/** A service account's key as Zitadel writes it (internal/domain/machine_key.go). */
export interface ServiceAccountKey {
  readonly type: 'serviceaccount';
  readonly keyId: string;
  /** PEM, PKCS#1. */
  readonly key: string;
  /** RFC 3339. */
  readonly expirationDate: string;
  readonly userId: string;
}

/** What the first start of an instance makes; the names follow Zitadel's `FirstInstance` settings. */
export interface FirstInstance {
  /** Default `ZITADEL`. */
  readonly organizationName?: string;
  /** Default `zitadel-admin@zitadel.{domain}`. */
  readonly adminUserName?: string;
  /** Default `Password1!`. */
  readonly adminPassword?: Secret;
  /** Username of the service account. Default `zitadel-admin-sa`. */
  readonly machineUserName?: string;
}

/** The result of the first start, the same after every reopening. */
export interface Bootstrap {
  readonly instanceId: string;
  readonly organizationId: string;
  /** The instance's own project: what `…:project:id:zitadel:aud` stands for. */
  readonly zitadelProjectId: string;
  /** Key of a machine with IAM_OWNER. Holds a private key. */
  readonly serviceAccountKey: ServiceAccountKey;
  readonly admin: { readonly loginName: string; readonly password: Secret };
}

/** What must be kept apart from the log, because it opens doors. */
export interface Vault {
  readonly bootstrap: Bootstrap;
  readonly tokenKey: Buffer;
  readonly webKeys: Map<string, KeyObject>;
}

/** When keys without a date of their own end (internal/domain/expiration.go). */
const neverExpires = '9999-12-31T23:59:59Z';

/**
 * Makes a new instance: its keys, and the events of its first day (internal/command/instance.go, cmd/setup/03.go): an
 * organization, the instance's own project, a human and a machine that own both.
 */
export async function createFirstInstance(
  now: () => number,
  domain: string,
  first: FirstInstance,
): Promise<{ readonly vault: Vault; readonly drafts: readonly AnyDraft[] }> {
  const ids = new IdGenerator(now);
  const password = first.adminPassword ?? new Secret('Password1!');
  // Two web keys from the start, one of them active (internal/command/web_key.go).
  const [active, next, machine, passwordHash] = await Promise.all([
    generateRsaPair(),
    generateRsaPair(),
    generateRsaPair(),
    hashPassword(password.expose()),
  ]);
  const id = {
    instance: ids.next(),
    organization: ids.next(),
    project: ids.next(),
    activeKey: ids.next(),
    nextKey: ids.next(),
    human: ids.next(),
    machine: ids.next(),
    machineKey: ids.next(),
  };
  const loginName = first.adminUserName ?? `zitadel-admin@zitadel.${domain}`;
  const bootstrap: Bootstrap = {
    instanceId: id.instance,
    organizationId: id.organization,
    zitadelProjectId: id.project,
    serviceAccountKey: {
      type: 'serviceaccount',
      keyId: id.machineKey,
      key: machine.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      expirationDate: neverExpires,
      userId: id.machine,
    },
    admin: { loginName, password },
  };
  const instance = {
    aggregateType: 'instance',
    aggregateId: id.instance,
    resourceOwner: id.instance,
  } as const;
  const organization = {
    aggregateType: 'org',
    aggregateId: id.organization,
    resourceOwner: id.organization,
  } as const;
  const user = (userId: string) =>
    ({ aggregateType: 'user', aggregateId: userId, resourceOwner: id.organization }) as const;
  const webKey = (keyId: string) =>
    ({ aggregateType: 'web_key', aggregateId: keyId, resourceOwner: id.instance }) as const;
  const organizationName = first.organizationName ?? 'ZITADEL';
  const primary = `${organizationName.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}.${domain}`;
  const drafts: AnyDraft[] = [
    { ...instance, type: 'instance.added', payload: { name: 'ZITADEL' } },
    // Every instance has a domain of its own first, and then the one it is set up for (internal/command/instance_domain.go).
    {
      ...instance,
      type: 'instance.domain.added',
      payload: { domain: `zitadel-${randomBytes(3).toString('hex')}.${domain}`, generated: true },
    },
    { ...instance, type: 'instance.domain.added', payload: { domain } },
    { ...instance, type: 'instance.domain.primary.set', payload: { domain } },
    keyDraft(webKey(id.activeKey), active.publicKey),
    { ...webKey(id.activeKey), type: 'web_key.activated', payload: {} },
    keyDraft(webKey(id.nextKey), next.publicKey),
    { ...organization, type: 'org.added', payload: { name: organizationName } },
    { ...organization, type: 'org.domain.added', payload: { domain: primary } },
    { ...organization, type: 'org.domain.verified', payload: { domain: primary } },
    { ...organization, type: 'org.domain.primary.set', payload: { domain: primary } },
    { ...instance, type: 'instance.default.org.set', payload: { orgId: id.organization } },
    {
      aggregateType: 'project',
      aggregateId: id.project,
      resourceOwner: id.organization,
      type: 'project.added',
      payload: { name: 'ZITADEL' },
    },
    { ...instance, type: 'instance.iam.project.set', payload: { iamProjectId: id.project } },
    {
      ...user(id.human),
      type: 'user.human.added',
      payload: {
        userName: loginName,
        firstName: 'ZITADEL',
        lastName: 'Admin',
        displayName: 'ZITADEL Admin',
        email: loginName.includes('@') ? loginName : `${loginName}@zitadel.${domain}`,
        encodedHash: passwordHash,
        changeRequired: false,
      },
    },
    { ...user(id.human), type: 'user.human.email.verified', payload: {} },
    {
      ...user(id.machine),
      type: 'user.machine.added',
      payload: {
        userName: first.machineUserName ?? 'zitadel-admin-sa',
        name: 'Admin',
        accessTokenType: 0,
      },
    },
    {
      ...user(id.machine),
      type: 'user.machine.key.added',
      payload: {
        keyId: id.machineKey,
        type: 1,
        expirationDate: neverExpires,
        publicKey: publicPem(machine.publicKey),
      },
    },
    ...[id.human, id.machine].flatMap((userId): AnyDraft[] => [
      { ...instance, type: 'instance.member.added', payload: { userId, roles: ['IAM_OWNER'] } },
      { ...organization, type: 'org.member.added', payload: { userId, roles: ['ORG_OWNER'] } },
    ]),
  ];
  const webKeys = new Map([
    [id.activeKey, active.privateKey],
    [id.nextKey, next.privateKey],
  ]);
  return { vault: { bootstrap, tokenKey: randomBytes(32), webKeys }, drafts };
}

function keyDraft(
  of: { readonly aggregateType: 'web_key'; readonly aggregateId: string; readonly resourceOwner: string },
  key: KeyObject,
): AnyDraft {
  return {
    ...of,
    type: 'web_key.added',
    payload: { keyId: of.aggregateId, alg: 'RS256', publicKey: publicPem(key) },
  };
}

/** The vault as text for a private file. */
export function serializeVault(vault: Vault): string {
  const { bootstrap } = vault;
  const password = bootstrap.admin.password.expose();
  return JSON.stringify({
    bootstrap: { ...bootstrap, admin: { loginName: bootstrap.admin.loginName, password } },
    tokenKey: vault.tokenKey.toString('base64'),
    webKeys: Object.fromEntries(
      [...vault.webKeys].map(([id, key]) => [id, key.export({ type: 'pkcs8', format: 'pem' }).toString()]),
    ),
  });
}

interface StoredVault {
  readonly bootstrap: Omit<Bootstrap, 'admin'> & {
    readonly admin: { readonly loginName: string; readonly password: string };
  };
  readonly tokenKey: string;
  readonly webKeys: Readonly<Record<string, string>>;
}

/** Reads what {@link serializeVault} wrote. */
export function parseVault(text: string): Vault {
  const stored = JSON.parse(text) as StoredVault;
  const { admin } = stored.bootstrap;
  return {
    bootstrap: {
      ...stored.bootstrap,
      admin: { loginName: admin.loginName, password: new Secret(admin.password) },
    },
    tokenKey: Buffer.from(stored.tokenKey, 'base64'),
    webKeys: new Map(Object.entries(stored.webKeys).map(([id, pem]) => [id, createPrivateKey(pem)])),
  };
}
