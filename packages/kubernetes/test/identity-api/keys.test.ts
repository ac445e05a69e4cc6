import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { type Logger, silentLogger } from '@drawbridge/kit';
import { createTokenSource, parseServiceAccount } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type AccessQuestion, type IdentityApiOptions, projectOrganization } from '../../src/index.ts';
import { type Answered, base, group, startWorld, type World } from './support/world.ts';

let world: World;
let project: Place;

interface Place {
  readonly name: string;
  readonly organizationId: string;
}

beforeAll(async () => {
  world = await startWorld();
  project = await makeProject('shop');
});
afterAll(() => world.stop());

const path = `${base}/serviceaccountkeys`;
const dayMs = 86_400_000;

async function makeProject(name: string): Promise<Place> {
  const { id, name: title } = projectOrganization(name);
  await world.instance.zitadel.organizations.create({ organizationId: id, name: title });
  return { name, organizationId: id };
}

async function makeAccount(
  { organizationId, name: of }: Place,
  name = `a${Math.random().toString(36).slice(2)}`,
) {
  const username = `${name}@${of}.identity.miloapis.com`;
  const { id } = await world.instance.zitadel.users.create({
    organizationId,
    username,
    machine: { name, accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
  });
  return { id, username };
}

/** An API whose cluster lets everybody, and somebody who comes through a project's control plane. */
async function openKeys(options: Partial<IdentityApiOptions> = {}) {
  const open = await world.open({ subjectAccess: async () => ({ allowed: true }), ...options });
  const through = (place: Place | undefined, uid = 'admin') => ({
    uid,
    username: uid,
    extra:
      place === undefined
        ? ({} as Readonly<Record<string, string>>)
        : {
            'iam.miloapis.com/parent-api-group': 'resourcemanager.miloapis.com',
            'iam.miloapis.com/parent-type': 'Project',
            'iam.miloapis.com/parent-name': place.name,
          },
  });
  return {
    ...open,
    through,
    create: (spec: object, { name, query = '', place = project, more = {} }: Creation = {}) =>
      open.as(through(place), path + query, {
        method: 'POST',
        body: { metadata: { ...(name === undefined ? { generateName: 'k-' } : { name }), ...more }, spec },
      }),
    list: (query = '', place: Place | undefined = project) => open.as(through(place), path + query),
    get: (name: string, place: Place | undefined = project) => open.as(through(place), `${path}/${name}`),
    remove: (name: string) => open.as(through(project), `${path}/${name}`, { method: 'DELETE' }),
  };
}

interface Creation {
  readonly name?: string;
  readonly query?: string;
  readonly place?: Place;
  readonly more?: object;
}

interface Key {
  readonly metadata: { readonly name: string; readonly uid: string; readonly creationTimestamp: string };
  readonly spec: Readonly<Record<string, string>>;
  readonly status: { readonly authProviderKeyID: string; readonly privateKey?: string };
}

const keyOf = ({ body }: Answered) => body as unknown as Key;
const namesOf = ({ body }: Answered) => (body.items as readonly Key[]).map(({ metadata }) => metadata.name);
const publicPem = (key: ReturnType<typeof generateKeyPairSync>['publicKey']) =>
  (key as unknown as { export(options: object): string }).export({ type: 'spki', format: 'pem' });

describe('a key that Zitadel makes', () => {
  it('comes with a document that the account signs in with, in this one answer', async () => {
    const { username, id } = await makeAccount(project);
    const api = await openKeys({ serviceAccountKeys: { introspectionProjectId: '4711' } });
    const made = await api.create({ serviceAccountUserName: username }, { name: 'ci' });
    onTestFinished(async () => {
      await api.remove('ci');
    });
    expect(made.status).toBe(201);
    const { status, metadata } = keyOf(made);
    const document = JSON.parse(status.privateKey ?? '') as Record<string, string>;
    expect(document).toEqual({
      type: 'datum_service_account',
      client_id: id,
      private_key_id: status.authProviderKeyID,
      private_key: expect.stringContaining('PRIVATE KEY'),
      client_email: username,
      scope: 'openid profile email offline_access urn:zitadel:iam:org:project:id:4711:aud',
    });
    const { instance } = world;
    const source = createTokenSource({
      issuer: instance.emulator.issuer,
      credentials: parseServiceAccount(
        JSON.stringify({
          type: 'serviceaccount',
          userId: document.client_id,
          keyId: document.private_key_id,
          key: document.private_key,
        }),
      ),
      fetch: instance.zitadel.fetch,
    });
    expect((await source.get()).expose()).not.toBe('');
    source.close();
    for (const later of [await api.get('ci'), await api.list()]) {
      expect(later.status).toBe(200);
      expect(later.text).not.toContain('PRIVATE KEY');
      expect(later.text).toContain(metadata.uid);
    }
  });

  it('S32 leaves its private half in no log, and is not squeezed', async () => {
    const lines: string[] = [];
    const note = (...line: unknown[]) => void lines.push(JSON.stringify(line));
    const logger: Logger = {
      ...silentLogger,
      debug: note,
      info: note,
      warn: note,
      error: note,
      child: () => logger,
    };
    const { username } = await makeAccount(project);
    const api = await openKeys({ logger });
    const made = await api.create({ serviceAccountUserName: username });
    expect(made.headers['content-encoding']).toBeUndefined();
    expect(lines.join('\n')).toContain('changed');
    const { private_key: pem = '' } = JSON.parse(keyOf(made).status.privateKey ?? '') as Record<
      string,
      string
    >;
    expect(lines.join('\n')).not.toContain(pem.split('\n')[1]);
  });

  it('F12 lives 90 days, or as long as asked for, up to the maximum', async () => {
    const { username: serviceAccountUserName } = await makeAccount(project);
    const api = await openKeys({ serviceAccountKeys: { mostLifeMs: 100 * dayMs } });
    const lifeOf = (made: Answered) => Date.parse(keyOf(made).spec.expirationDate ?? '') - Date.now();
    const usual = lifeOf(await api.create({ serviceAccountUserName }));
    expect(Math.round(usual / dayMs)).toBe(90);
    const expirationDate = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
    const asked = await api.create({ serviceAccountUserName, expirationDate: expirationDate(5) });
    expect(Math.round(lifeOf(asked) / dayMs)).toBe(5);
    for (const days of [101, -1]) {
      const refused = await api.create({ serviceAccountUserName, expirationDate: expirationDate(days) });
      expect(refused.body).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: { kind: 'ServiceAccountKey', causes: [{ field: 'spec.expirationDate' }] },
      });
    }
  });
});

describe('a key of the caller’s own', () => {
  it('is taken, and the account signs in with it', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { username, id } = await makeAccount(project);
    const api = await openKeys();
    const made = await api.create({ serviceAccountUserName: username, publicKey: publicPem(pair.publicKey) });
    expect([made.status, keyOf(made).status.privateKey]).toEqual([201, undefined]);
    const { issuer } = world.instance.emulator;
    const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
    const now = Math.floor(Date.now() / 1_000) - 5;
    const head = `${part({ alg: 'RS256', kid: keyOf(made).status.authProviderKeyID })}.${part({ iss: id, sub: id, aud: issuer, iat: now, exp: now + 60 })}`;
    const signature = sign('sha256', Buffer.from(head), pair.privateKey);
    const answer = await fetch(`${issuer}/oauth/v2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        scope: 'openid',
        assertion: `${head}.${signature.toString('base64url')}`,
      }),
    });
    expect(answer.status).toBe(200);
    const again = await api.get(keyOf(made).metadata.name);
    expect(keyOf(again).spec.publicKey).toBe(publicPem(pair.publicKey));
  });

  it.each([
    [
      'a weak one',
      publicPem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey),
      'less than 2048 bits',
    ],
    [
      'ECDSA, which Zitadel would store and never read',
      publicPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey),
      '(EC): it has to be RSA',
    ],
    ['Ed25519, likewise', publicPem(generateKeyPairSync('ed25519').publicKey), '(ED25519): it has to be RSA'],
    ['no key', 'hello', 'is no public key in PEM'],
  ])(
    'F13 is refused for %s; the message names what passes and nothing else',
    async (_what, publicKey, why) => {
      const { username } = await makeAccount(project);
      const answer = await (await openKeys()).create({ serviceAccountUserName: username, publicKey });
      expect(answer.body).toMatchObject({ code: 422, details: { causes: [{ field: 'spec.publicKey' }] } });
      expect(answer.body.message).toContain(why);
    },
  );

  it('is refused for a private one, which is not repeated', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(createPublicKey(createPrivateKey(pem)).type).toBe('public');
    const { username } = await makeAccount(project);
    const answer = await (await openKeys()).create({ serviceAccountUserName: username, publicKey: pem });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('is a private key');
    expect(answer.text).not.toContain(pem.split('\n')[1]);
  });
});

describe('the name of a key', () => {
  it('is the one that it was made with, with labels and annotations, on every replica', async () => {
    const { username } = await makeAccount(project);
    const api = await openKeys();
    const more = { labels: { team: 'a' }, annotations: { 'example.com/why': 'ci' } };
    const made = keyOf(await api.create({ serviceAccountUserName: username }, { name: 'named', more }));
    expect(made.metadata).toMatchObject({ name: 'named', ...more });
    const replica = await openKeys();
    expect(keyOf(await replica.get('named')).metadata).toEqual(made.metadata);
    expect(namesOf(await replica.list('?labelSelector=team%3Da'))).toEqual(['named']);
    expect(namesOf(await replica.list('?labelSelector=team%3Db'))).toEqual([]);
    // Not by its id as well: one object has one name.
    expect((await replica.get(made.status.authProviderKeyID)).status).toBe(404);
    await replica.remove('named');
    expect((await replica.get('named')).status).toBe(404);
    expect(namesOf(await replica.list())).not.toContain('named');
  });

  it('is taken once, so that a repeated creation makes no second key', async () => {
    const { username, id } = await makeAccount(project);
    const api = await openKeys();
    const create = () => api.create({ serviceAccountUserName: username }, { name: 'once' });
    const answers = await Promise.all([create(), create()]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect((await create()).body).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: `serviceaccountkeys.${group} "once" already exists`,
    });
    expect(await world.instance.zitadel.users.listKeys({ userId: id }).all()).toHaveLength(1);
    await api.remove('once');
    expect((await create()).status).toBe(201);
    await api.remove('once');
  });

  it('is made where only its beginning is given', async () => {
    const { username } = await makeAccount(project);
    const api = await openKeys();
    const made = await api.create({ serviceAccountUserName: username });
    expect(made.body.metadata).toMatchObject({
      generateName: 'k-',
      name: expect.stringMatching(/^k-[bcdfghjklmnpqrstvwxz2456789]{5}$/),
    });
  });

  it('is the id of a key that was made elsewhere', async () => {
    const { username, id } = await makeAccount(project);
    const expiresAt = new Date(Date.now() + dayMs);
    const { keyId } = await world.instance.zitadel.users.addKey(id, { expiresAt });
    const api = await openKeys();
    expect(keyOf(await api.get(keyId))).toMatchObject({
      metadata: { name: keyId },
      spec: { serviceAccountUserName: username },
    });
    expect((await api.create({ serviceAccountUserName: username }, { name: keyId })).status).toBe(409);
  });

  it('is there at once, and gone at once, although Zitadel’s lists lag', async () => {
    const { username } = await makeAccount(project);
    const api = await openKeys();
    await api.list();
    world.instance.emulator.controls.lagMs = 60_000;
    onTestFinished(() => {
      world.instance.emulator.controls.lagMs = 0;
    });
    expect((await api.create({ serviceAccountUserName: username }, { name: 'first' })).status).toBe(201);
    expect((await api.get('first')).status).toBe(200);
    expect((await api.remove('first')).status).toBe(200);
    expect((await api.get('first')).status).toBe(404);
    expect(namesOf(await api.list())).not.toContain('first');
  });

  it('could not be kept: then there is no key either', async () => {
    const { username, id } = await makeAccount(project);
    const api = await openKeys();
    world.instance.emulator.controls.fail({ match: '*SetOrganizationMetadata*', code: 'permission_denied' });
    onTestFinished(() => world.instance.emulator.controls.clearFaults());
    const answer = await api.create({ serviceAccountUserName: username }, { name: 'lost' });
    expect(answer.status).toBe(500);
    expect(await world.instance.zitadel.users.listKeys({ userId: id }).all()).toEqual([]);
  });
});

describe('an object that is to become a key', () => {
  it('is checked as a whole, and everything is told at once', async () => {
    const api = await openKeys();
    const answer = await api.create({ expirationDate: 'soon', publicKey: 7 }, { name: 'x' });
    expect(answer.body).toMatchObject({
      code: 422,
      message: expect.stringMatching(/^ServiceAccountKey\.identity\.miloapis\.com "x" is invalid: \[/),
      details: {
        causes: [
          { field: 'spec.serviceAccountUserName', reason: 'FieldValueRequired' },
          { field: 'spec.expirationDate' },
          { field: 'spec.publicKey' },
        ],
      },
    });
    const { username } = await makeAccount(project);
    const spec = { serviceAccountUserName: username };
    for (const [more, field] of [
      [{ generateName: undefined }, 'metadata.name'],
      [{ generateName: 'Upper' }, 'metadata.generateName'],
      [{ labels: { 'a b': 'c' } }, 'metadata.labels'],
      [{ annotations: { '/': 'c' } }, 'metadata.annotations'],
    ] as const)
      expect((await api.create(spec, { more })).body).toMatchObject({
        code: 422,
        details: { causes: [{ field }] },
      });
    expect((await api.create({ serviceAccountUserName: 'nobody@shop' })).body).toMatchObject({
      code: 422,
      details: { causes: [{ reason: 'FieldValueNotFound' }] },
    });
  });

  it('has fields that are not known, or stand there twice: refused, warned of, or dropped', async () => {
    const { username } = await makeAccount(project);
    const api = await openKeys();
    const send = (query: string, body: string, contentType = 'application/json') =>
      api.as(api.through(project), path + query, {
        method: 'POST',
        body,
        headers: { 'Content-Type': contentType },
      });
    const body = `{"metadata":{"generateName":"k-","odd":1},"spec":{"serviceAccountUserName":"${username}","bo\\"gus":1},"spec2":{},"metadata":{"generateName":"k-","odd":1}}`;
    expect((await send('?fieldValidation=Strict', body)).body).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message:
        'ServiceAccountKey in version "v1alpha1" cannot be handled as a ServiceAccountKey: strict decoding error: unknown field "metadata.odd", unknown field "spec.bo"gus", unknown field "spec2", duplicate field "metadata"',
    });
    const warned = await send('?dryRun=All', body);
    expect([warned.status, warned.headers.warning]).toEqual([
      201,
      expect.stringContaining('299 - "unknown field \\"spec.bo\\"gus\\""'),
    ]);
    const ignored = await send('?dryRun=All&fieldValidation=Ignore', body);
    expect([ignored.status, ignored.headers.warning]).toEqual([201, undefined]);
    expect((await send('?fieldValidation=Odd', body)).status).toBe(422);
    const yaml = `metadata: {generateName: k-}\nspec:\n  serviceAccountUserName: ${username}\n`;
    expect(
      (await send('?fieldValidation=Strict&fieldManager=kubectl-create', yaml, 'application/yaml')).status,
    ).toBe(201);
    expect((await send('', JSON.stringify({ apiVersion: 'v1', kind: 'Pod' }))).body).toMatchObject({
      code: 400,
      message: `the API version in the data (v1) does not match the expected API version (${group}/v1alpha1)`,
    });
  });

  it('is only tried where that is asked for', async () => {
    const { username, id } = await makeAccount(project);
    const api = await openKeys();
    const tried = await api.create(
      { serviceAccountUserName: username },
      { name: 'try', query: '?dryRun=All' },
    );
    expect(tried.status).toBe(201);
    expect(keyOf(tried).metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(keyOf(tried).status.privateKey).toBeUndefined();
    expect(await world.instance.zitadel.users.listKeys({ userId: id }).all()).toEqual([]);
  });
});

describe('keys of many', () => {
  it('F10 are listed beyond 100, with the pages of three lists and no call for each account', async () => {
    const place = await makeProject('many');
    const { users } = world.instance.zitadel;
    const expiresAt = new Date(Date.now() + dayMs);
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const accounts = await Promise.all(Array.from({ length: 60 }, () => makeAccount(place)));
    for (const { id } of accounts)
      for (let at = 0; at < 2; at++) await users.addKey(id, { expiresAt, publicKey: publicPem(publicKey) });
    const calls: string[] = [];
    const { zitadel } = world.instance;
    const counted = counting(zitadel, calls);
    const api = await openKeys({ zitadel: counted });
    expect(namesOf(await api.list('', place))).toHaveLength(120);
    expect(calls.toSorted()).toEqual(['metadata', 'users.list', 'users.listKeys']);
    const [first] = accounts;
    const selected = await api.list(`?fieldSelector=spec.serviceAccountUserName%3D${first?.username}`, place);
    expect(namesOf(selected)).toHaveLength(2);
    const paged: string[] = [];
    let next = '';
    do {
      const part = await api.list(`?limit=50&continue=${encodeURIComponent(next)}`, place);
      paged.push(...namesOf(part));
      next = (part.body.metadata as { readonly continue?: string }).continue ?? '';
    } while (next !== '');
    expect(paged).toEqual(namesOf(await api.list('', place)));
    calls.length = 0;
    expect((await api.get(namesOf(selected)[0] ?? '', place)).status).toBe(200);
    expect(calls.toSorted()).toEqual(['metadata', 'users.get', 'users.listKeys']);
  });

  function counting(zitadel: World['instance']['zitadel'], calls: string[]): World['instance']['zitadel'] {
    const spy = <T extends object>(of: T, prefix: string): T =>
      new Proxy(of, {
        get(target, name, receiver): unknown {
          const value: unknown = Reflect.get(target, name, receiver);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]): unknown => {
            calls.push(prefix + String(name));
            return (value as (...all: unknown[]) => unknown).apply(target, args);
          };
        },
      });
    return { ...zitadel, users: spy(zitadel.users, 'users.'), organizations: spy(zitadel.organizations, '') };
  }
});

describe('whose keys they are', () => {
  it('S39, S52 are those of the project that kube-apiserver names, and of no other', async () => {
    const other = await makeProject('other');
    const theirs = await makeAccount(other);
    const api = await openKeys();
    const made = keyOf(await api.create({ serviceAccountUserName: theirs.username }, { place: other }));
    expect(namesOf(await api.list())).not.toContain(made.metadata.name);
    expect((await api.get(made.metadata.name)).status).toBe(404);
    expect((await api.get(made.status.authProviderKeyID)).status).toBe(404);
    expect((await api.create({ serviceAccountUserName: theirs.username })).status).toBe(422);
  });

  it('S39 are asked about in the control plane that the request came through, by verb and name', async () => {
    const questions: AccessQuestion[] = [];
    const api = await openKeys({
      subjectAccess: async (question) => {
        questions.push(question);
        return { allowed: false, reason: 'not here' };
      },
    });
    const { username } = await makeAccount(project);
    const answers = [
      await api.create({ serviceAccountUserName: username }),
      await api.list(),
      await api.get('a'),
      await api.remove('a'),
    ];
    for (const answer of answers)
      expect(answer.body).toMatchObject({ code: 403, message: expect.stringMatching(/: not here$/) });
    expect(questions.map(({ verb, name, project: of }) => [verb, name, of])).toEqual([
      ['create', undefined, 'shop'],
      ['list', undefined, 'shop'],
      ['get', 'a', 'shop'],
      ['delete', 'a', 'shop'],
    ]);
    expect(questions[0]).toMatchObject({ group, resource: 'serviceaccountkeys' });
  });

  it('S39 are its own for a service account, without anybody being asked', async () => {
    const own = await makeAccount(project);
    const other = await makeAccount(project);
    const api = await openKeys({ subjectAccess: async () => ({ allowed: false }) });
    const as = (to: string, more: object = {}) => api.as(api.through(project, own.id), path + to, more);
    const body = (username: string) => ({
      metadata: { name: 'mine' },
      spec: { serviceAccountUserName: username },
    });
    expect((await as('', { method: 'POST', body: body(other.username) })).status).toBe(422);
    expect((await as('', { method: 'POST', body: body(own.username) })).status).toBe(201);
    const expiresAt = new Date(Date.now() + dayMs);
    const { keyId } = await world.instance.zitadel.users.addKey(other.id, { expiresAt });
    expect(namesOf(await as(''))).toEqual(['mine']);
    expect((await as(`/${keyId}`)).status).toBe(404);
    expect((await as(`/${keyId}`, { method: 'DELETE' })).status).toBe(404);
    expect((await as('/mine', { method: 'DELETE' })).status).toBe(200);
  });

  it('are refused outside of a project, unless an organization is set', async () => {
    const api = await openKeys();
    const outside = await api.as(api.through(undefined), path);
    expect(outside.body).toMatchObject({
      code: 403,
      message: expect.stringContaining('outside of a project'),
    });
    const single = await openKeys({ serviceAccountKeys: { organizationId: project.organizationId } });
    expect((await single.as(single.through(undefined), path)).status).toBe(200);
  });

  it('S52 take no project from who calls directly, and the plain extra only where that is set', async () => {
    const { token } = await world.instance.machine();
    const api = await openKeys();
    const headers = {
      authorization: `Bearer ${token}`,
      'X-Remote-Extra-Iam.miloapis.com%2fparent-Type': 'Project',
      'X-Remote-Extra-Iam.miloapis.com%2fparent-Name': project.name,
    };
    expect((await api.send(path, { headers })).body.items).toEqual(
      (await api.send(path, { headers: { authorization: headers.authorization } })).body.items,
    );
    const plain = { uid: 'admin', username: 'admin', extra: { project: project.name } };
    expect((await api.as(plain, path)).status).toBe(403);
    const test = await openKeys({ serviceAccountKeys: { impersonationFallback: true } });
    expect((await test.as(plain, path)).status).toBe(200);
  });
});
