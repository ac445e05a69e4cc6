import { join } from 'node:path';
import {
  addOrganization,
  type Directory,
  type DirectoryOptions,
  openDirectory,
  putMember,
  putSiteAdministrator,
  putZitadelIntegration,
} from '@drawbridge/directory';
import { writeFileAtomic } from '@drawbridge/kit';
import { Browser, type Visited } from './browser.ts';
import type { DatabaseKind } from './databases.ts';
import { openWorld, type World } from './world.ts';

const password = 'Correct-Horse1';

/** A directory that people can sign in to through an emulated Zitadel. */
export interface WebWorld extends World {
  readonly directory: Directory;
  /** Ids of organizations by slug. */
  readonly organizations: Readonly<Record<string, string>>;
  /** A browser in which somebody has signed in, and what came back. */
  signIn(user: string, query?: string): Promise<{ readonly browser: Browser; readonly visited: Visited }>;
  /** GET, or POST and so on with the CSRF token of the browser's session. */
  call(browser: Browser, method: string, path: string, body?: unknown): Promise<Called>;
}

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * North's `ada` (admin) and `uma` (user), south's `sam` (admin) and the site administrator `root`, all of whom can sign in;
 * `secret` gives the applications secrets.
 */
export async function openWebWorld(
  kind: DatabaseKind,
  options: Partial<DirectoryOptions> = {},
  withSecrets = false,
): Promise<WebWorld> {
  const world = await openWorld();
  const { zitadel, projectId, emulator, folder } = world;
  const api = await zitadel.applications.create({
    projectId,
    name: 'API',
    apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
  });
  const key = await zitadel.applications.createKey(projectId, api.id, new Date(Date.now() + 86_400_000));
  const applicationKey = join(folder, 'application.json');
  await writeFileAtomic(applicationKey, key.expose());
  const own = await kind.location();
  const directory = await openDirectory({ database: own.location, port: 0, ...options });
  const web = await makeApplications(world, withSecrets);
  const organizations: Record<string, string> = {};
  const at = new Date();
  await directory.database.transaction(async (trx) => {
    const integrationId = await putZitadelIntegration(trx, {
      name: 'main',
      issuer: emulator.issuer,
      projectId,
      clientId: api.clientId,
      clientSecret: `file:${applicationKey}`,
      serviceAccount: `file:${world.keyPath}`,
      web: web.console,
      management: web.management,
      actor: 'test',
      at,
    });
    for (const slug of ['north', 'south']) {
      const zitadelOrgId = `org-${slug}`;
      organizations[slug] = await addOrganization(trx, {
        slug,
        name: slug,
        integrationId,
        zitadelOrgId,
        actor: 'test',
        at,
      });
    }
    for (const [id, slug, role] of people) {
      if (role === undefined) continue;
      await putMember(trx, {
        organizationId: organizations[slug] ?? '',
        integrationId,
        zitadelUserId: id,
        email: `${id}@${slug}.example`,
        givenName: id,
        familyName: 'Test',
        role,
        actor: 'test',
        at,
      });
    }
    await putSiteAdministrator(trx, 'root', 'test', at);
  });
  for (const [id, slug] of people) {
    await zitadel.users.create({
      organizationId: `org-${slug}`,
      userId: id,
      username: id,
      human: {
        profile: { givenName: id, familyName: 'Test' },
        email: { email: `${id}@${slug}.example`, isVerified: true },
        password: { password },
      },
    });
  }
  await directory.start();
  for (const { id } of [web.console, web.management]) {
    await zitadel.applications.update({
      applicationId: id,
      projectId,
      oidcConfiguration: {
        redirectUris: [`${options.publicUrl ?? directory.url}/auth/callback`],
        // Zitadel calls it from server to server: no browser's name for the directory is needed.
        backChannelLogoutUri: `${directory.url}/auth/back-channel-logout`,
      },
    });
  }
  return {
    ...world,
    directory,
    organizations,
    async signIn(user, query = '') {
      const browser = new Browser();
      const visited = await browser.signIn(`${directory.url}/auth/sign-in${query}`, user, password);
      return { browser, visited };
    },
    async call(browser, method, path, body) {
      const headers = method === 'GET' ? {} : { 'x-csrf-token': await csrfOf(browser, directory.url) };
      const answer = await browser.request(`${directory.url}${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return {
        status: answer.status,
        headers: answer.headers,
        body: (answer.text === '' ? {} : JSON.parse(answer.text)) as Called['body'],
      };
    },
    close: async () => {
      await directory.stop();
      await own.close();
      await world.close();
    },
  };
}

const people: readonly (readonly [id: string, slug: string, role?: string])[] = [
  ['ada', 'north', 'admin'],
  ['uma', 'north', 'user'],
  ['sam', 'south', 'admin'],
  ['root', 'north'],
];

async function csrfOf(browser: Browser, url: string): Promise<string> {
  const { text } = await browser.request(`${url}/api/me`);
  return String((JSON.parse(text) as { csrfToken?: unknown }).csrfToken);
}

async function makeApplications({ zitadel, projectId }: World, withSecrets: boolean) {
  const make = async (name: string) => {
    const made = await zitadel.applications.create({
      projectId,
      name,
      oidcConfiguration: {
        redirectUris: ['http://127.0.0.1/auth/callback'],
        responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
        grantTypes: ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
        authMethodType: withSecrets ? 'OIDC_AUTH_METHOD_TYPE_BASIC' : 'OIDC_AUTH_METHOD_TYPE_NONE',
        developmentMode: true,
      },
    });
    if (!made.clientSecret) return { id: made.id, clientId: made.clientId };
    const variable = `TEST_SECRET_${made.clientId}`;
    process.env[variable] = made.clientSecret.expose();
    return { id: made.id, clientId: made.clientId, clientSecret: `env:${variable}` };
  };
  return { console: await make('console'), management: await make('management') };
}
