import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  createZitadel,
  hasId,
  ownerMetadata,
  parseServiceAccount,
  type Zitadel,
  ZitadelError,
} from '@drawbridge/zitadel';
import { keepFile } from './keep-file.ts';
import { makeSignInApplication } from './sign-in-application.ts';
import { makeWebApplications, type WebClients } from './web-applications.ts';

/** What the demo tenant consists of in Zitadel. */
export interface SeededZitadel {
  readonly organizationId: string;
  readonly projectId: string;
  /** The project that NetBird's people are authorized in. */
  readonly netbirdProjectId: string;
  /** The directory's own account: less than an owner, so that what works in `dev` works with these roles. */
  readonly serviceAccountId: string;
  readonly serviceAccountKey: string;
  /** Key of the API application that introspects callers' tokens. */
  readonly applicationKey: string;
  readonly clientId: string;
  readonly web: WebClients;
  /** The application that people sign in to with the command. */
  readonly deviceClientId: string;
  readonly demoUserId: string;
  readonly demo: { readonly loginName: string; readonly password: string };
}

export interface SeedOptions {
  readonly issuer: string;
  /** The instance's first key, as Zitadel wrote it. */
  readonly ownerKey: string;
  /** The instance's first organization, which owns the project. */
  readonly homeOrganizationId: string;
  readonly folder: string;
  /** Password of the demo user from an earlier start, if there was one. */
  readonly knownPassword: string | undefined;
  readonly signal: AbortSignal;
}

// Own ids, so that a repeat after a broken start meets what is there instead of making it twice.
const organizationId = 'demo';
const projectId = 'drawbridge';
const netbirdProjectId = 'netbird';
const serviceAccountId = 'drawbridge-directory';
const demoUserId = 'demo-admin';
const demoLoginName = 'admin@demo.localhost';
const idTaken = 'ORG-laho2n';

/** Makes sure of the demo tenant, through the same API that a real Zitadel has. Repeatable from any half-made state. */
export async function seedZitadel(options: SeedOptions): Promise<SeededZitadel> {
  const zitadel = createZitadel({
    issuer: options.issuer,
    credentials: parseServiceAccount(options.ownerKey),
  });
  try {
    await makeTenant(zitadel, options);
    const serviceAccountKey = await makeServiceAccount(zitadel, options);
    const application = await makeApplication(zitadel, options);
    const web = await makeWebApplications(zitadel, projectId, options.signal);
    const deviceClientId = await makeSignInApplication(zitadel, projectId, options.signal);
    const password = await makeDemoUser(zitadel, options);
    return {
      organizationId,
      projectId,
      netbirdProjectId,
      serviceAccountId,
      serviceAccountKey,
      ...application,
      web,
      deviceClientId,
      demoUserId,
      demo: { loginName: demoLoginName, password },
    };
  } finally {
    await zitadel.close();
  }
}

async function makeTenant(
  { organizations, projects }: Zitadel,
  { homeOrganizationId, signal }: SeedOptions,
): Promise<void> {
  await unlessThere(() => organizations.create({ organizationId, name: 'Demo' }, { signal }));
  await unlessThere(() =>
    projects.create(
      { organizationId: homeOrganizationId, projectId, name: 'Drawbridge', projectRoleAssertion: true },
      { signal },
    ),
  );
  for (const [roleKey, displayName] of [
    ['admin', 'Admin'],
    ['manager', 'Manager'],
    ['user', 'User'],
  ] as const) {
    await projects.addRole(projectId, { roleKey, displayName }, { signal });
  }
  await unlessThere(() =>
    projects.create(
      { organizationId: homeOrganizationId, projectId: netbirdProjectId, name: 'NetBird' },
      { signal },
    ),
  );
  await projects.addRole(netbirdProjectId, { roleKey: 'user', displayName: 'User' }, { signal });
}

async function makeServiceAccount({ users, administrators }: Zitadel, options: SeedOptions): Promise<string> {
  const { homeOrganizationId, folder, signal } = options;
  await users.create(
    {
      organizationId: homeOrganizationId,
      userId: serviceAccountId,
      username: serviceAccountId,
      machine: { name: 'Drawbridge directory' },
      metadata: ownerMetadata({ owner: 'dev', tenant: 'site', ref: serviceAccountId }),
    },
    { signal },
  );
  // The least roles with users, authorizations and project grants in them, and with leave to read events.
  const roles = ['IAM_USER_MANAGER', 'IAM_OWNER_VIEWER'];
  const administrator = { userId: serviceAccountId, resource: { instance: true }, roles } as const;
  const { changed } = await administrators.create(administrator, { signal });
  if (!changed) await administrators.update(administrator, { signal });
  return await keepFile(join(folder, 'service-account.json'), async () => {
    const { keyFile } = await users.addKey(serviceAccountId, { expiresAt: inAYear() }, { signal });
    if (!keyFile) throw new Error('Zitadel made no private key');
    return keyFile.expose();
  });
}

async function makeApplication(
  { applications }: Zitadel,
  { folder, signal }: SeedOptions,
): Promise<{ applicationKey: string; clientId: string }> {
  const name = 'Drawbridge API';
  const [known] = await applications.list({ projectId, name }, { signal }).all();
  const id =
    known?.applicationId ??
    (
      await applications.create(
        { projectId, name, apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' } },
        { signal },
      )
    ).id;
  const path = join(folder, 'application-key.json');
  let clientId = known?.apiConfiguration?.clientId ?? '';
  const applicationKey = await keepFile(path, async () => {
    const document = await applications.createKey(projectId, id, inAYear(), { signal });
    clientId = (JSON.parse(document.expose()) as { clientId: string }).clientId;
    return document.expose();
  });
  return { applicationKey, clientId };
}

async function makeDemoUser(
  { users, projects, authorizations }: Zitadel,
  { knownPassword, signal }: SeedOptions,
): Promise<string> {
  const password = knownPassword ?? `${randomBytes(9).toString('base64url')}aA1!`;
  const { created } = await users.create(
    {
      organizationId,
      userId: demoUserId,
      username: demoLoginName,
      human: {
        profile: { givenName: 'Demo', familyName: 'Admin' },
        email: { email: demoLoginName, isVerified: true },
        password: { password, changeRequired: false },
      },
      metadata: ownerMetadata({ owner: 'dev', tenant: organizationId, ref: demoUserId }),
    },
    { signal },
  );
  // The user outlived the file that knew the password.
  if (!created && knownPassword === undefined)
    await users.update(
      demoUserId,
      { human: { password: { password: { password, changeRequired: false } } } },
      { signal },
    );
  await projects.ensureGrant(
    { projectId, grantedOrganizationId: organizationId, roleKeys: ['admin', 'manager', 'user'] },
    { signal },
  );
  const authorization = { userId: demoUserId, projectId, organizationId, roleKeys: ['admin'] };
  await authorizations.ensure(authorization, { signal });
  return password;
}

function inAYear(): Date {
  return new Date(Date.now() + 365 * 86_400_000);
}

async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!hasId(error, idTaken) && !(error instanceof ZitadelError && error.code === 'zitadel_already_exists'))
      throw error;
  }
}
