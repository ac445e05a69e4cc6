import { type Directory, putMember } from '@drawbridge/directory';
import { Secret, systemClock } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSealer } from '../src/sealing/index.ts';
import { SessionStore } from '../src/web/session-store.ts';
import { accessTable, type Row, type Target } from './support/access-table.ts';
import { Browser } from './support/browser.ts';
import { databases } from './support/databases.ts';
import { openDirectoryOn, openWorld, type World } from './support/world.ts';

const many = { perSecond: 10_000, burst: 100_000 };
const secretKeys = [new Secret(Buffer.alloc(32, 7).toString('base64'))];
const members = ['north-user', 'north-manager', 'north-admin', 'south-admin'] as const;
const safe = (name: string) => name.startsWith('GET ');

let world: World;
let directory: Directory;
let drop: () => Promise<void>;
let north: string;
let integrationId: string;
const cookies = new Map<string, string>();
let made = 0;

async function addMember(id: string, organizationId: string, role: string): Promise<string> {
  await directory.database.transaction((trx) =>
    putMember(trx, {
      organizationId,
      integrationId,
      zitadelUserId: id,
      email: `${id}@x.example`,
      givenName: id,
      familyName: role,
      role,
      actor: 'test',
      at: new Date(),
    }),
  );
  const { id: userId } = await directory.database.db
    .selectFrom('users')
    .select('id')
    .where('zitadel_user_id', '=', id)
    .executeTakeFirstOrThrow();
  return userId;
}

/** Something of north to ask about, which no other call has touched. */
async function newTarget(): Promise<Target> {
  made += 1;
  const fresh = `t${made}`;
  await world.zitadel.users.create({
    organizationId: 'org-north',
    userId: fresh,
    username: fresh,
    human: {
      profile: { givenName: 'T', familyName: 'T' },
      email: { email: `${fresh}@x.example`, isVerified: false },
    },
  });
  const userId = await addMember(fresh, north, 'user');
  const session = await world.zitadel.sessions.create({ checks: { user: { userId: fresh } } });
  const at = new Date();
  await directory.database.db
    .insertInto('provisioning_runs')
    .values({
      id: `r-${fresh}`,
      saga: 'create-user',
      organization_id: north,
      state: 'attention',
      input: '{}',
      requested_by: 'x',
      created_at: at,
      updated_at: at,
    })
    .execute();
  await directory.database.db
    .insertInto('imports')
    .values({
      id: `i-${fresh}`,
      organization_id: north,
      file_name: 'users.csv',
      state: 'checked',
      requested_by: 'x',
      request_id: null,
      created_at: at,
    })
    .execute();
  return {
    userId,
    zitadelUserId: fresh,
    email: `${fresh}@x.example`,
    sessionId: session.id,
    runId: `r-${fresh}`,
    importId: `i-${fresh}`,
    projectId: world.projectId,
    organizationId: north,
    fresh,
  };
}

/** How a caller presents itself. */
interface Caller {
  readonly name: string;
  readonly by: 'cookie' | 'bearer' | 'nothing';
}

async function ask(name: string, row: Row, target: Target, { name: subject, by }: Caller) {
  const { path, body, headers: more = {} } = row.ask(target);
  const [method = ''] = name.split(' ');
  const browser = new Browser();
  const headers: Record<string, string> = { ...more };
  if (by === 'bearer') headers.authorization = `Bearer ${subject}`;
  if (by === 'cookie') {
    browser.setCookie(directory.url, 'drawbridge', cookies.get(subject) ?? '');
    if (method !== 'GET') {
      const me = await browser.request(`${directory.url}/api/me`);
      headers['x-csrf-token'] = String((JSON.parse(me.text) as { csrfToken?: unknown }).csrfToken);
    }
  }
  if (body !== undefined) headers['content-type'] ??= 'application/json';
  const stop = new AbortController();
  const cookie = browser.cookie(directory.url, 'drawbridge');
  const response = await fetch(`${directory.url}${path}`, {
    method,
    headers: { ...headers, ...(cookie === undefined ? {} : { cookie: `drawbridge=${cookie}` }) },
    redirect: 'manual',
    signal: stop.signal,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const text = isStream ? '' : await response.text();
  if (isStream) stop.abort();
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  return { status: response.status, code: isProblem ? /"code":"(\w+)"/.exec(text)?.[1] : undefined };
}

const expectedOf = (row: Row, caller: string): number => {
  if (caller === 'root') return row.site;
  // Through the console even a site administrator is but who they are there: nobody, in north.
  if (caller === 'nobody' || caller === 'root in the console' || caller === 'south-admin') return row.foreign;
  return row.own[members.indexOf(caller as (typeof members)[number])] ?? 0;
};

async function actIn(organizationId: string | null): Promise<void> {
  await directory.database.db
    .updateTable('web_sessions')
    .set({
      acting_organization_id: organizationId,
      acting_reason: organizationId === null ? null : 'matrix',
    })
    .where('application', '=', 'management')
    .execute();
}

describe.each(databases)('access on $name', (kind) => {
  beforeAll(async () => {
    world = await openWorld();
    const { location, close } = await kind.location();
    drop = close;
    directory = await openDirectoryOn(world, location, {
      secretKeys,
      limits: { signIn: many, address: many, reads: many, writes: many },
    });
    const { database } = directory;
    const organizations = await database.db.selectFrom('organizations').selectAll().execute();
    const idOf = (slug: string) => organizations.find((one) => one.slug === slug)?.id ?? '';
    north = idOf('north');
    integrationId = organizations[0]?.integration_id ?? '';
    await database.db.updateTable('system_integrations').set({ web_client_id: 'web' }).execute();
    for (const name of members) {
      const [slug = '', role = ''] = name.split('-');
      await addMember(name, idOf(slug), role);
    }
    const sealer = createSealer({ keys: secretKeys });
    const store = new SessionStore({
      database,
      sealer,
      clock: systemClock,
      idleMs: 3_600_000,
      maxMs: 3_600_000,
    });
    const addSession = async (caller: string, subject: string, application: 'console' | 'management') => {
      const tokens = { accessToken: new Secret(subject), accessExpiresAt: Date.now() + 3_600_000 };
      const session = { application, integrationId, subject, name: subject, email: '', tokens };
      cookies.set(caller, await store.add(session));
    };
    for (const name of [...members, 'nobody']) await addSession(name, name, 'console');
    await addSession('root', 'root', 'management');
    await addSession('root in the console', 'root', 'console');
    await directory.start();
  });

  afterAll(async () => {
    await directory.stop();
    await world.close();
    await drop();
  });

  it('every route stands in the table, with the access it declares', () => {
    const found = Object.fromEntries(
      directory.routes.map(({ method, url, access }) => [`${method} ${url}`, access]),
    );
    expect(found).toEqual(
      Object.fromEntries(Object.entries(accessTable).map(([name, { access }]) => [name, access])),
    );
  });

  describe.each(Object.entries(accessTable))('%s', (name, row) => {
    it('answers every caller as the table says, by token and by cookie', async () => {
      const shared = await newTarget();
      const isOpen = row.access === 'open';
      const strangers: Caller[] = [
        { name: 'nobody at all', by: 'nothing' },
        { name: 'bad', by: 'bearer' },
      ];
      for (const caller of strangers) {
        const { status } = await ask(name, row, shared, caller);
        expect([caller, status]).toEqual([caller, isOpen ? row.foreign : 401]);
      }
      const callers = ['nobody', ...members, 'root'].flatMap((caller): Caller[] => [
        { name: caller, by: 'bearer' },
        { name: caller, by: 'cookie' },
      ]);
      for (const caller of [...callers, { name: 'root in the console', by: 'cookie' as const }]) {
        if (isOpen && caller.by === 'cookie') continue; // they look at no caller, and sign-out would end the session
        const expected = expectedOf(row, caller.name);
        // Ends the caller's other cookies, with which the rest would be asked.
        const endsOthers = name === 'DELETE /api/me/sessions';
        if (endsOthers && (caller.by === 'bearer' || caller.name === 'root in the console')) continue;
        const isSwitch = name.endsWith('/api/me/acting');
        if (isSwitch && caller.name === 'root' && caller.by === 'bearer') continue; // a token is nowhere
        // A site administrator's session has given its reason for north.
        if (caller.name === 'root' && caller.by === 'cookie') await actIn(isSwitch ? null : north);
        const target = expected < 400 ? await newTarget() : shared;
        const { status, code } = await ask(name, row, target, caller);
        expect([caller, status, code]).toEqual([caller, expected, expected < 400 ? undefined : code]);
      }
      if (isOpen || safe(name) || row.access === 'site' || row.access === 'signed-in') return;
      await actIn(null);
      const unexplained = await ask(name, row, shared, { name: 'root', by: 'cookie' });
      expect(unexplained, 'S58 without a reason').toEqual({ status: 403, code: 'reason_needed' });
    });
  });

  it('a stranger cannot tell a foreign object from a missing one', async () => {
    const { userId, runId } = await newTarget();
    const read = async (path: string) => {
      const response = await fetch(`${directory.url}${path}`, {
        headers: { authorization: 'Bearer south-admin' },
      });
      return { ...((await response.json()) as object), requestId: '' };
    };
    expect(await read(`/api/users/${userId}`)).toEqual(await read('/api/users/none'));
    expect(await read(`/api/runs/${runId}`)).toEqual(await read('/api/runs/none'));
    expect(await read('/api/organizations/north')).toEqual(await read('/api/organizations/none'));
  });

  it('lists show the caller their own organizations only', async () => {
    const seen = await Promise.all(
      ['root', 'north-user', 'nobody'].map(async (subject) => {
        const response = await fetch(`${directory.url}/api/organizations`, {
          headers: { authorization: `Bearer ${subject}` },
        });
        const { items } = (await response.json()) as { items: { slug: string }[] };
        return items.map(({ slug }) => slug).filter((slug) => !slug.startsWith('o-'));
      }),
    );
    expect(seen).toEqual([['north', 'south', 'unmapped'], ['north'], []]);
  });

  it('the OpenAPI document is made of the schemas that validate, and has every route of the API', async () => {
    const document = (await (await fetch(`${directory.url}/api/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { summary?: string }>>;
      components: { schemas: Record<string, object> };
    };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { summary }]) => {
        expect([path, summary]).toEqual([path, expect.stringMatching(/^[A-Z].{3,}/)]);
        return `${method.toUpperCase()} ${path}`;
      }),
    );
    const served = directory.routes
      .filter(({ url, access }) => url.startsWith('/api/') && access !== 'open')
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.toSorted()).toEqual(served.toSorted());
    expect(document.components.schemas).toHaveProperty('Problem');
  });
});
