import { type Directory, putMember } from '@drawbridge/directory';
import { createHttpServer, type HttpServer, silentLogger, systemClock } from '@drawbridge/kit';
import type { RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApi } from '../src/api/index.ts';
import type { IntegrationRegistry } from '../src/integrations/index.ts';
import type { Jobs } from '../src/jobs/index.ts';
import { ChangeFeed } from '../src/live/index.ts';
import type { Sagas } from '../src/provisioning/index.ts';
import { SagaEngine } from '../src/saga/index.ts';
import { createSealer } from '../src/sealing/index.ts';
import { namesAsTokens, openDirectoryOn, openWorld, type World } from './support/world.ts';

/** What each route demands. A new route fails the test until it stands here. */
const expected: Readonly<Record<string, string>> = {
  'GET /api/events': 'signed-in',
  'GET /api/me': 'signed-in',
  'DELETE /api/me/acting': 'site',
  'POST /api/me/acting': 'site',
  'GET /api/openapi.json': 'open',
  'GET /api/organizations': 'signed-in',
  'GET /api/runs/:id': 'runs.read',
  'POST /api/runs/:id/:decision': 'runs.write',
  'GET /api/users': 'users.read',
  'GET /api/users/:id': 'users.read',
  'POST /api/users': 'users.write',
};

/** Which roles hold a permission in their own organization; the site administrator holds all everywhere. */
const holders: Readonly<Record<string, readonly string[]>> = {
  'users.read': ['north-admin', 'north-manager'],
  'users.write': ['north-admin', 'north-manager'],
  'runs.read': ['north-admin', 'north-manager'],
  'runs.write': ['north-admin'],
};
const callers = ['root', 'north-admin', 'north-manager', 'north-user', 'south-admin', 'nobody'];

let world: World;
let directory: Directory;
let server: HttpServer;
const routes: RouteOptions[] = [];
let userId: string;
const runId = 'r-north';

beforeAll(async () => {
  world = await openWorld();
  directory = await openDirectoryOn(world, { memory: true });
  const { database } = directory;
  const at = new Date();
  const organizations = await database.db.selectFrom('organizations').selectAll().execute();
  await database.transaction(async (trx) => {
    for (const name of callers.slice(1, 5)) {
      const [slug, role] = name.split('-') as [string, string];
      const organization = organizations.find((one) => one.slug === slug);
      await putMember(trx, {
        organizationId: organization?.id ?? '',
        integrationId: organization?.integration_id ?? '',
        zitadelUserId: name,
        email: `${name}@x.example`,
        givenName: slug,
        familyName: role,
        role,
        actor: 'test',
        at,
      });
    }
  });
  userId = (
    await database.db
      .selectFrom('users')
      .select('id')
      .where('zitadel_user_id', '=', 'north-user')
      .executeTakeFirstOrThrow()
  ).id;
  const north = organizations.find(({ slug }) => slug === 'north')?.id ?? '';
  await database.db
    .insertInto('provisioning_runs')
    .values({
      id: runId,
      saga: 'create-user',
      organization_id: north,
      state: 'done',
      input: '{}',
      requested_by: 'x',
      created_at: at,
      updated_at: at,
    })
    .execute();
  server = await createHttpServer({ name: 'test', port: 0 });
  server.app.addHook('onRoute', (route) => {
    if (route.method !== 'HEAD') routes.push(route);
  });
  const jobs = { send: async () => undefined } as unknown as Jobs;
  const step = {
    name: 'none',
    title: 'none',
    key: () => 'none',
    call: async () => ({ outcome: 'done' as const, output: null }),
  };
  const saga = { name: 'create-user', steps: [step] };
  const engine = new SagaEngine({ database, jobs, sagas: [saga] });
  await addApi(
    server.app,
    {
      database,
      jobs,
      engine,
      sagas: { createUser: saga } as unknown as Sagas,
      sealer: createSealer({ keys: [] }),
      integrations: {} as IntegrationRegistry,
      closing: server.closing,
      feed: new ChangeFeed({ database, clock: systemClock, logger: silentLogger }),
    },
    namesAsTokens,
  );
  await server.app.ready();
});
afterAll(async () => {
  await server.app.close();
  await directory.stop();
  await world.close();
});

const nameOf = ({ method, url }: RouteOptions) => `${String(method)} ${url}`;

function request(route: RouteOptions, caller: string | undefined) {
  const url = route.url
    .replace('/users/:id', `/users/${userId}`)
    .replace('/runs/:id', `/runs/${runId}`)
    .replace(':decision', 'abandon');
  const body = url.startsWith('/api/users')
    ? { organization: 'north', email: `${Math.random()}@n.example`, givenName: 'G', familyName: 'F' }
    : { reason: 'test' };
  return server.app.inject({
    method: route.method as 'GET' | 'POST',
    url: route.method === 'GET' && url === '/api/users' ? `${url}?organization=north` : url,
    headers: caller === undefined ? {} : { authorization: `Bearer ${caller}` },
    ...(route.method === 'POST' ? { payload: body } : {}),
  });
}

it('every route stands in the table, with the access it declares', () => {
  const found = Object.fromEntries(
    routes.map((route) => {
      const access = route.config?.access;
      return [
        nameOf(route),
        access === undefined ? 'open' : access.kind === 'organization' ? access.permission : access.kind,
      ];
    }),
  );
  expect(found).toEqual(expected);
});

describe('all routes × all callers', () => {
  it.each([undefined, 'bad-token'])(
    'without an accepted token (%s) nothing but the document is served',
    async (caller) => {
      for (const route of routes) {
        const { statusCode } = await request(route, caller);
        expect([nameOf(route), statusCode]).toEqual([
          nameOf(route),
          expected[nameOf(route)] === 'open' ? 200 : 401,
        ]);
      }
    },
  );

  it.each(callers)('%s meets exactly what the table says', async (caller) => {
    for (const route of routes) {
      const demand = expected[nameOf(route)] ?? '';
      const response = await request(route, caller);
      const outcome =
        response.statusCode < 400 || response.statusCode === 409 ? 'let in' : String(response.statusCode);
      const member = caller.startsWith('north');
      const allowed =
        demand === 'open' ||
        demand === 'signed-in' ||
        caller === 'root' ||
        (holders[demand]?.includes(caller) ?? false);
      expect([nameOf(route), caller, outcome]).toEqual([
        nameOf(route),
        caller,
        allowed ? 'let in' : member ? '403' : '404',
      ]);
    }
  });

  it('a stranger cannot tell a foreign object from a missing one', async () => {
    const foreign = await server.app.inject({
      url: `/api/users/${userId}`,
      headers: { authorization: 'Bearer south-admin' },
    });
    const missing = await server.app.inject({
      url: '/api/users/none',
      headers: { authorization: 'Bearer south-admin' },
    });
    const strip = (body: string) => ({ ...(JSON.parse(body) as object), requestId: '' });
    expect(strip(foreign.body)).toEqual(strip(missing.body));
  });

  it('lists show the caller their own organizations only', async () => {
    const seen = await Promise.all(
      ['root', 'north-user', 'nobody'].map(async (caller) => {
        const { body } = await server.app.inject({
          url: '/api/organizations',
          headers: { authorization: `Bearer ${caller}` },
        });
        return (JSON.parse(body) as { items: { slug: string }[] }).items.map(({ slug }) => slug);
      }),
    );
    expect(seen).toEqual([['north', 'south', 'unmapped'], ['north'], []]);
  });
});

it('a route that declares no access keeps the server from starting', () => {
  expect(() => server.app.get('/api/forgotten', async () => 'x')).toThrow(/declares no access|already/);
});

it('the OpenAPI document is made of the schemas that validate', async () => {
  const { body } = await server.app.inject({ url: '/api/openapi.json' });
  const document = JSON.parse(body) as {
    openapi: string;
    paths: Record<string, object>;
    components: { schemas: Record<string, object> };
  };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).toSorted()).toEqual([
    '/api/me',
    '/api/organizations',
    '/api/runs/{id}',
    '/api/runs/{id}/{decision}',
    '/api/users',
    '/api/users/{id}',
  ]);
  expect(document.components.schemas).toHaveProperty('Problem');
});
