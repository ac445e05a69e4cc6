import { ManualClock, systemClock } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AccessQuestion } from '../../src/index.ts';
import {
  type Answered,
  base,
  group,
  makePerson,
  type OpenApi,
  startWorld,
  type World,
} from './support/world.ts';

let world: World;
let open: OpenApi;

beforeAll(async () => {
  world = await startWorld();
  open = await world.open();
});
afterAll(() => world.stop());

const path = `${base}/sessions`;

interface Item {
  readonly metadata: { readonly name: string; readonly uid: string; readonly creationTimestamp: string };
  readonly status: Readonly<Record<string, string>>;
}

const itemsOf = ({ body }: Answered) => body.items as readonly Item[];
const namesOf = (answer: Answered) => itemsOf(answer).map(({ metadata }) => metadata.name);
const continueOf = ({ body }: Answered) => (body.metadata as { readonly continue?: string }).continue ?? '';

describe('one’s own sessions', () => {
  it('F14 are listed with what Zitadel knows of them, since when they are there', async () => {
    const me = await makePerson(world.instance, 1);
    const [id = ''] = me.sessions;
    const [session] = itemsOf(await open.as({ uid: me.id }, path));
    const { creationDate = '' } = await world.instance.zitadel.sessions.get(id);
    const createdAt = `${new Date(creationDate).toISOString().slice(0, 19)}Z`;
    expect(session).toEqual({
      kind: 'Session',
      apiVersion: `${group}/v1alpha1`,
      metadata: { name: id, uid: expect.stringMatching(/^[0-9a-f-]{36}$/), creationTimestamp: createdAt },
      status: {
        userUID: me.id,
        provider: 'zitadel',
        ip: '203.0.113.1',
        fingerprintID: 'print-1',
        userAgent: 'Browser 1',
        createdAt,
        lastUpdatedAt: expect.any(String),
      },
    });
    const one = await open.as({ uid: me.id }, `${path}/${id}`);
    expect(one.body).toEqual(session);
  });

  it('F14 keep their uid on every replica and in both groups', async () => {
    const me = await makePerson(world.instance, 1);
    const replica = await world.open({ groups: ['identity.milo.io', 'identity.miloapis.com'] });
    const other = itemsOf(await replica.as({ uid: me.id }, path.replace(group, 'identity.milo.io')));
    expect(other[0]?.metadata.uid).toBe(itemsOf(await open.as({ uid: me.id }, path))[0]?.metadata.uid);
  });

  it('S46 have no resourceVersion, neither has their list', async () => {
    const me = await makePerson(world.instance, 1);
    expect((await open.as({ uid: me.id }, path)).text).not.toContain('resourceVersion');
  });

  it('show of their metadata what is allowed to be shown, as annotations', async () => {
    const me = await makePerson(world.instance, 0);
    await world.instance.zitadel.sessions.create({
      checks: { user: { userId: me.id } },
      metadata: {
        'maxmind/tracking-token': Buffer.from('track-1').toString('base64'),
        secret: Buffer.from('no').toString('base64'),
      },
    });
    const [session] = itemsOf(await open.as({ uid: me.id }, path));
    expect(session?.metadata).toMatchObject({
      annotations: { 'iam.miloapis.com/maxmind-tracking-token': 'track-1' },
    });
  });

  it('are gone for good when they have run out', async () => {
    const me = await makePerson(world.instance, 1);
    const { id } = await world.instance.zitadel.sessions.create({
      checks: { user: { userId: me.id } },
      lifetime: '60s',
    });
    const clock = { ...systemClock, now: () => Date.now() + 120_000 };
    const later = await world.open({ clock });
    expect(namesOf(await later.as({ uid: me.id }, path))).toEqual(me.sessions);
    expect((await later.as({ uid: me.id }, `${path}/${id}`)).status).toBe(404);
  });

  it('F1 end when they are deleted, and their tokens with them', async () => {
    const me = await makePerson(world.instance, 2);
    const [first = '', second = ''] = me.sessions;
    const answer = await open.as({ uid: me.id }, `${path}/${first}`, { method: 'DELETE' });
    expect(answer.body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: first, group, kind: 'sessions', uid: expect.any(String) },
    });
    expect(namesOf(await open.as({ uid: me.id }, path))).toEqual([second]);
    await expect(world.instance.zitadel.sessions.get(first)).rejects.toMatchObject({ id: 'QUERY-SFeaa' });
  });

  it('are not listed any more once deleted, although Zitadel’s lists lag', async () => {
    const me = await makePerson(world.instance, 2);
    const [first = '', second = ''] = me.sessions;
    world.instance.emulator.controls.lagMs = 60_000;
    onTestFinished(() => {
      world.instance.emulator.controls.lagMs = 0;
    });
    await open.as({ uid: me.id }, `${path}/${first}`, { method: 'DELETE' });
    expect(namesOf(await open.as({ uid: me.id }, path))).toEqual([second]);
    expect((await open.as({ uid: me.id }, `${path}/${first}`)).status).toBe(404);
    const again = await open.as({ uid: me.id }, `${path}/${first}`, { method: 'DELETE' });
    expect(again.body).toMatchObject({ reason: 'NotFound', code: 404 });
  });

  it('stay where a deletion is only tried, and where a precondition does not hold', async () => {
    const me = await makePerson(world.instance, 1);
    const [id = ''] = me.sessions;
    const remove = (body: object, query = '') =>
      open.as({ uid: me.id }, `${path}/${id}${query}`, { method: 'DELETE', body });
    expect((await remove({ dryRun: ['All'] })).status).toBe(200);
    expect((await remove({ preconditions: { uid: 'another' } })).body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: expect.stringContaining('the UID in the precondition (another) does not match'),
    });
    expect((await remove({ preconditions: { resourceVersion: '7' } })).status).toBe(409);
    expect((await remove({ dryRun: ['Some'] })).body).toMatchObject({ code: 422, reason: 'Invalid' });
    expect((await remove({ propagationPolicy: 'Never' })).status).toBe(422);
    expect((await open.as({ uid: me.id }, `${path}/${id}?dryRun=All`, { method: 'DELETE' })).status).toBe(
      200,
    );
    expect(namesOf(await open.as({ uid: me.id }, path))).toEqual([id]);
    expect((await remove({ propagationPolicy: 'Background', gracePeriodSeconds: 1 })).status).toBe(200);
    expect(namesOf(await open.as({ uid: me.id }, path))).toEqual([]);
  });

  it('can be deleted all at once, or those that are selected, and nobody else’s', async () => {
    const me = await makePerson(world.instance, 12);
    const other = await makePerson(world.instance, 1);
    const [first = ''] = me.sessions;
    const collection = (query: string) => open.as({ uid: me.id }, path + query, { method: 'DELETE' });
    expect(namesOf(await collection('?dryRun=All')).length).toBe(12);
    expect(namesOf(await collection(`?fieldSelector=metadata.name%3D${first}`))).toEqual([first]);
    const deleted = await collection('');
    expect([deleted.status, deleted.body.kind, namesOf(deleted).length]).toEqual([200, 'SessionList', 11]);
    expect(namesOf(await open.as({ uid: me.id }, path))).toEqual([]);
    expect(namesOf(await open.as({ uid: other.id }, path))).toEqual(other.sessions);
  });
});

describe('sessions of others', () => {
  it('F1, S39 are not there, neither to be seen nor to be deleted', async () => {
    const me = await makePerson(world.instance, 0);
    const other = await makePerson(world.instance, 1);
    const [id = ''] = other.sessions;
    const foreign = await open.as({ uid: me.id }, `${path}/${id}`);
    const unknown = await open.as({ uid: me.id }, `${path}/385000000000000000`);
    expect(foreign.status).toBe(404);
    expect(foreign.text.replaceAll(id, 'X')).toBe(unknown.text.replaceAll('385000000000000000', 'X'));
    expect((await open.as({ uid: me.id }, `${path}/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect(namesOf(await open.as({ uid: other.id }, path))).toEqual([id]);
  });

  it('S39 are refused to be listed or deleted together, and it is said why', async () => {
    const me = await makePerson(world.instance, 0);
    const other = await makePerson(world.instance, 1);
    for (const method of ['GET', 'DELETE']) {
      const query = `?fieldSelector=status.userUID%3D${other.id}`;
      const answer = await open.as({ uid: me.id, username: 'me' }, path + query, { method });
      expect(answer.body).toMatchObject({
        code: 403,
        reason: 'Forbidden',
        message: expect.stringMatching(
          /^sessions\.identity\.miloapis\.com is forbidden: User "me" cannot (list|deletecollection) resource .*no authorizer is configured here/,
        ),
      });
    }
    expect(namesOf(await open.as({ uid: other.id }, path))).toEqual(other.sessions);
  });

  it('S39 are had by whom Kubernetes lets have the user, and it is asked about that very user', async () => {
    const staff = await makePerson(world.instance, 0);
    const other = await makePerson(world.instance, 2);
    const [first = '', second = ''] = other.sessions;
    const questions: AccessQuestion[] = [];
    let may: readonly string[] = ['get'];
    const clock = new ManualClock(Date.now());
    const guarded = await world.open({
      clock,
      subjectAccess: async (question) => {
        questions.push(question);
        return { allowed: may.includes(question.verb) && question.name === other.id };
      },
    });
    const user = { uid: staff.id, username: 'staff', groups: ['support'], extra: { 'a.example/b': 'c' } };
    const query = `?fieldSelector=status.userUID%3D${other.id}`;
    expect(namesOf(await guarded.as(user, path + query))).toEqual(other.sessions);
    expect(questions).toEqual([
      {
        caller: {
          username: 'staff',
          uid: staff.id,
          groups: ['support'],
          extra: { 'a.example/b': ['c'] },
          source: 'front-proxy',
        },
        verb: 'get',
        group: 'iam.miloapis.com',
        resource: 'users',
        name: other.id,
      },
    ]);
    expect((await guarded.as(user, `${path}/${first}`)).status).toBe(200);
    // Remembered for a moment: the same question was not asked again.
    expect(questions.length).toBe(1);
    // To see is not to end.
    expect((await guarded.as(user, `${path}/${first}`, { method: 'DELETE' })).status).toBe(404);
    expect((await guarded.as(user, path + query, { method: 'DELETE' })).status).toBe(403);
    may = ['delete', 'get'];
    clock.advance(10_001);
    expect((await guarded.as(user, `${path}/${first}`, { method: 'DELETE' })).status).toBe(200);
    expect(namesOf(await guarded.as(user, path + query))).toEqual([second]);
  });

  it('S39 are refused where the authorizer cannot be asked', async () => {
    const staff = await makePerson(world.instance, 0);
    const other = await makePerson(world.instance, 1);
    const guarded = await world.open({
      subjectAccess: async () => {
        throw new Error('it is away');
      },
    });
    const query = `?fieldSelector=status.userUID%3D${other.id}`;
    const answer = await guarded.as({ uid: staff.id }, path + query);
    expect([answer.status, answer.text.includes('it is away')]).toEqual([500, false]);
    expect((await guarded.as({ uid: staff.id }, `${path}/${other.sessions[0]}`)).status).toBe(500);
  });

  it('S39 are had by system:masters when kube-apiserver says so, and never by a token’s own word', async () => {
    const other = await makePerson(world.instance, 1);
    const admin = { uid: '0', username: 'admin', groups: ['system:masters'] };
    const guarded = await world.open({ subjectAccess: async () => ({ allowed: false }) });
    expect((await guarded.as(admin, `${path}/${other.sessions[0]}`)).status).toBe(200);
    expect((await guarded.as({ ...admin, groups: ['masters'] }, `${path}/${other.sessions[0]}`)).status).toBe(
      404,
    );
  });
});

describe('a long list', () => {
  it('comes in pages that are whole, whatever is deleted between them', async () => {
    const me = await makePerson(world.instance, 9);
    const page = (more = '') => open.as({ uid: me.id }, `${path}?limit=2${more}`);
    const first = await page();
    expect(namesOf(first)).toEqual(me.sessions.slice(0, 2));
    // What was had already is deleted: nothing moves up.
    await open.as({ uid: me.id }, `${path}/${me.sessions[0]}`, { method: 'DELETE' });
    const got = namesOf(first).slice();
    let next = continueOf(first);
    while (next !== '') {
      const answer = await page(`&continue=${encodeURIComponent(next)}`);
      got.push(...namesOf(answer));
      next = continueOf(answer);
    }
    expect(got).toEqual(me.sessions);
  });

  it('goes on for whom it was begun, with the same selectors, and for five minutes', async () => {
    const me = await makePerson(world.instance, 3);
    const other = await makePerson(world.instance, 3);
    const clock = new ManualClock(Date.now());
    const timed = await world.open({ clock });
    const token = continueOf(await timed.as({ uid: me.id }, `${path}?limit=1`));
    const go = (uid: string, more = '', at = token) =>
      timed.as({ uid }, `${path}?limit=1&continue=${encodeURIComponent(at)}${more}`);
    expect((await go(me.id)).status).toBe(200);
    for (const answer of [
      await go(other.id),
      await go(me.id, '&labelSelector=a'),
      await go(me.id, '', `${token}x`),
      await go(me.id, '', 'bm9uc2Vuc2U'),
    ])
      expect(answer.body).toMatchObject({ code: 400, message: 'continue key is not valid' });
    clock.advance(300_001);
    expect((await go(me.id)).body).toMatchObject({ code: 410, reason: 'Expired' });
  });

  it('goes on at another replica that has the same key', async () => {
    const { Secret } = await import('@drawbridge/kit');
    const me = await makePerson(world.instance, 3);
    const continueKey = new Secret('shared');
    const [one, two] = [await world.open({ continueKey }), await world.open({ continueKey })];
    const token = continueOf(await one.as({ uid: me.id }, `${path}?limit=2`));
    const rest = await two.as({ uid: me.id }, `${path}?continue=${encodeURIComponent(token)}`);
    expect(namesOf(rest)).toEqual(me.sessions.slice(2));
  });
});

describe('what is asked for otherwise', () => {
  it('S46 watch, update and patch are refused as Kubernetes does', async () => {
    const me = await makePerson(world.instance, 1);
    const [id = ''] = me.sessions;
    const ask = (to: string, method = 'GET') =>
      open.as({ uid: me.id }, to, { method, ...(method.startsWith('P') ? { body: {} } : {}) });
    for (const [to, method, action] of [
      [`${path}?watch=true`, 'GET', 'watch'],
      [`${path}?watch`, 'GET', 'watch'],
      [`${path}/${id}?watch=1`, 'GET', 'watch'],
      [`${path}/${id}`, 'PUT', 'update'],
      [`${path}/${id}`, 'PATCH', 'patch'],
      [path, 'POST', 'create'],
    ] as const) {
      expect((await ask(to, method)).body).toMatchObject({
        code: 405,
        reason: 'MethodNotAllowed',
        message: `${action} is not supported on resources of kind "sessions.${group}"`,
      });
    }
    for (const method of ['HEAD', 'OPTIONS']) expect((await ask(path, method)).status).toBe(405);
    expect((await ask(`${path}?watch=false`)).status).toBe(200);
  });

  it('selectors choose, and those that are not known are refused', async () => {
    const me = await makePerson(world.instance, 2);
    const [first = '', second = ''] = me.sessions;
    const list = (query: string) => open.as({ uid: me.id }, `${path}?${query}`);
    expect(namesOf(await list(`fieldSelector=metadata.name%3D${second}`))).toEqual([second]);
    expect(namesOf(await list(`fieldSelector=metadata.name!%3D${second}`))).toEqual([first]);
    expect(namesOf(await list(`fieldSelector=status.userUID%3D${me.id}`))).toEqual([first, second]);
    expect(namesOf(await list(`fieldSelector=status.userUID!%3D${me.id}`))).toEqual([]);
    expect(namesOf(await list('labelSelector=!a'))).toEqual([first, second]);
    expect(namesOf(await list('labelSelector=a+in+(b,c)'))).toEqual([]);
    for (const [query, message] of [
      ['fieldSelector=spec.x%3D1', 'field label not supported: spec.x'],
      ['fieldSelector=nonsense', "invalid selector: 'nonsense'; can't understand 'nonsense'"],
      ['labelSelector=a%3D%3D%3Db', 'unable to parse requirement: '],
    ])
      expect((await list(String(query))).body).toMatchObject({
        code: 400,
        message: expect.stringContaining(String(message)),
      });
    expect(namesOf(await list('fieldSelector=status.userUID%3D'))).toEqual([]);
    expect(namesOf(await list('fieldSelector=metadata.name%3D'))).toEqual([]);
    expect((await list('resourceVersion=0')).status).toBe(200);
    expect((await list('resourceVersionMatch=Exact')).status).toBe(422);
    expect((await list('sendInitialEvents=true')).status).toBe(422);
  });

  it('paths that lead nowhere are told so in plain text', async () => {
    const me = await makePerson(world.instance, 1);
    for (const to of [
      `${base}/nothing`,
      `${path}/`,
      `${path}/a/status`,
      `/apis/${group}/v1/sessions`,
      '/nowhere',
    ]) {
      const answer = await open.as({ uid: me.id }, to);
      expect([to, answer.status, answer.text]).toEqual([to, 404, '404 page not found\n']);
    }
    expect((await open.as({ uid: me.id }, `${path}/..%2f..%2fusers`)).body).toMatchObject({
      reason: 'NotFound',
      details: { name: '../../users' },
    });
  });

  it('S45 an outage of Zitadel is 503 without a time to wait, and says nothing of what it wrote', async () => {
    const me = await makePerson(world.instance, 1);
    world.instance.emulator.controls.fail({
      match: '*SessionService*',
      status: 503,
      message: 'internals of Zitadel',
    });
    onTestFinished(() => world.instance.emulator.controls.clearFaults());
    for (const to of [path, `${path}/${me.sessions[0]}`]) {
      const answer = await open.as({ uid: me.id }, `${to}?timeout=5s`);
      expect(answer.body).toMatchObject({ code: 503, reason: 'ServiceUnavailable' });
      expect(answer.headers['retry-after']).toBeUndefined();
      expect(answer.text).not.toContain('internals');
    }
  }, 60_000);
});
