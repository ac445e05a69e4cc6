import { eventsTables } from '@drawbridge/events';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { users } from '../../src/index.ts';
import {
  clearEvents,
  clusterEvents,
  eventBody,
  findUser,
  openActions,
  openTestDatabase,
  servedUsers,
  signInBodies,
  type TestDatabase,
  until,
} from '../support/actions.ts';
import { openCluster } from '../support/open-cluster.ts';

const id = '300000000000000007';
const identityProviders = new Map([
  ['google-1', 'google'],
  ['github-1', 'github'],
] as const);

describe('User objects from events', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(() => clearEvents(database));
  afterAll(() => database.close());

  const open = async () => {
    const { server: apiServer, cluster } = await openCluster({ kinds: [servedUsers] });
    const { server, send } = await openActions({ database, cluster, identityProviders });
    const statusOf = async () => (await findUser(cluster, id))?.status;
    const posts = () =>
      apiServer.requests.filter(({ method, plural }) => method === 'POST' && plural === 'users').length;
    const make = async () => {
      expect((await send('createUserAccount', eventBody())).status).toBe(200);
      return await until(() => findUser(cluster, id), 'the User object');
    };
    return { apiServer, cluster, server, send, statusOf, posts, make };
  };
  it('makes an object named by the user id, with mail address and name', async () => {
    const { make } = await open();
    const user = await make();
    expect(user.metadata.name).toBe(id);
    expect(user.spec).toEqual({ email: 'ada@acme.example', givenName: 'Ada', familyName: 'Lovelace' });
  });

  it("takes user.human.added, of a custom sign-in page, as well as Zitadel's own user.human.selfregistered", async () => {
    const { send, cluster } = await open();
    await send('createUserAccount', eventBody({ event_type: 'user.human.added' }));
    expect((await until(() => findUser(cluster, id), 'the User object')).spec.email).toBe('ada@acme.example');
  });

  it('F7 S48 answers a webhook that comes twice with 200, and makes no second object', async () => {
    const { send, make, posts, cluster } = await open();
    await make();
    expect((await send('createUserAccount', eventBody())).status).toBe(200);
    expect((await send('events', eventBody())).status).toBe(200);
    await send('createUserAccount', eventBody({ aggregateID: '300000000000000008' }));
    await until(() => findUser(cluster, '300000000000000008'), 'the other User object');
    expect(posts()).toBe(2);
  });

  it('F7 leaves an object alone that is there already', async () => {
    const { send, cluster } = await open();
    await cluster.objects(users).create({ metadata: { name: id }, spec: { email: 'chosen@acme.example' } });
    await send('createUserAccount', eventBody());
    await send('createUserAccount', eventBody({ aggregateID: '300000000000000008' }));
    await until(() => findUser(cluster, '300000000000000008'), 'the other User object');
    expect((await findUser(cluster, id))?.spec.email).toBe('chosen@acme.example');
  });

  it('S51 answers while the cluster is away, and applies everything in order once it is back', async () => {
    const { apiServer, send, cluster, statusOf } = await open();
    const back = apiServer.faults.add({ status: 503 });
    const began = performance.now();
    expect((await send('createUserAccount', eventBody())).status).toBe(200);
    const first = signInBodies('i1', 10, {
      idpId: 'google-1',
      userId: id,
      profile: { picture: 'https://a.example/1' },
    });
    for (const body of [first.started, first.succeeded])
      expect((await send('idpIntentSucceeded', body)).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(1_000);
    await vi.waitFor(() => expect(apiServer.requests.length).toBeGreaterThan(0), 5_000);
    back();
    await until(async () => (await statusOf())?.lastLoginProvider === 'google', 'the sign-in');
    expect((await findUser(cluster, id))?.spec.email).toBe('ada@acme.example');
  });

  it('keeps events through a restart with the cluster away', async () => {
    const { apiServer, cluster, server, send } = await open();
    const back = apiServer.faults.add({ status: 503 });
    expect((await send('createUserAccount', eventBody())).status).toBe(200);
    await server.stop();
    back();
    await openActions({ database, cluster, identityProviders });
    await until(() => findUser(cluster, id), 'the User object');
  });

  it('tries once more after a restart what the cluster refused for good', async () => {
    const { apiServer, cluster, server, send } = await open();
    const taken = apiServer.faults.add({ method: 'POST', plural: 'users', status: 422 });
    await send('createUserAccount', eventBody());
    await vi.waitFor(() => expect(apiServer.requests.length).toBeGreaterThan(0), 5_000);
    await server.stop();
    // As after eight tries, which take minutes.
    await database.transaction((trx) =>
      eventsTables(trx).updateTable('events_deliveries').set({ state: 'set_aside', attempts: 8 }).execute(),
    );
    taken();
    await openActions({ database, cluster, identityProviders });
    await until(() => findUser(cluster, id), 'the User object');
  });

  it('F9 takes the provider from the configuration and never from a picture', async () => {
    const { send, make, statusOf } = await open();
    await make();
    const github = signInBodies('i1', 10, {
      idpId: 'github-1',
      userId: id,
      profile: { picture: 'https://lh3.googleusercontent.com/fake', avatar_url: 'https://avatars.example/7' },
    });
    await send('idpIntentSucceeded', github.started);
    await send('idpIntentSucceeded', github.succeeded);
    await until(async () => (await statusOf())?.lastLoginProvider === 'github', 'the provider');
    expect((await statusOf())?.avatarUrl).toBe('https://avatars.example/7');
  });

  it('F9 names no provider where none is configured, whatever the profile looks like', async () => {
    const { send, make, statusOf } = await open();
    await make();
    const other = signInBodies('i1', 10, {
      idpId: 'unknown',
      userId: id,
      profile: { iss: 'https://accounts.google.com', picture: 'https://pictures.example/7' },
    });
    await send('idpIntentSucceeded', other.started);
    await send('idpIntentSucceeded', other.succeeded);
    await until(async () => (await statusOf())?.avatarUrl === 'https://pictures.example/7', 'the picture');
    expect((await statusOf())?.lastLoginProvider).toBeUndefined();
  });

  it('F9 shows the newest sign-in, in whichever order events come', async () => {
    const { apiServer, send, make, statusOf } = await open();
    await make();
    const bodies = [
      signInBodies('i1', 10, {
        idpId: 'github-1',
        userId: id,
        profile: { avatar_url: 'https://a.example/old' },
      }),
      signInBodies('i2', 20, {
        idpId: 'google-1',
        userId: id,
        profile: { picture: 'https://a.example/new' },
      }),
    ];
    const [old, fresh] = bodies;
    await send('idpIntentSucceeded', fresh?.succeeded);
    await send('idpIntentSucceeded', fresh?.started);
    await until(async () => (await statusOf())?.lastLoginProvider === 'google', 'the newer one');
    const before = apiServer.requests.length;
    await send('idpIntentSucceeded', old?.started);
    await send('idpIntentSucceeded', old?.succeeded);
    await vi.waitFor(() => expect(apiServer.requests.length).toBeGreaterThan(before), 5_000);
    expect(await statusOf()).toMatchObject({
      lastLoginProvider: 'google',
      avatarUrl: 'https://a.example/new',
    });
  });

  it('shows the sign-in that a registration began with, though it named no user then', async () => {
    const { send, make, statusOf } = await open();
    const first = signInBodies('i1', 10, {
      idpId: 'google-1',
      accountId: 'google-account-7',
      profile: { User: { picture: 'https://a.example/7' } },
    });
    await send('idpIntentSucceeded', first.started);
    await send('idpIntentSucceeded', first.succeeded);
    await make();
    await send(
      'createUserAccount',
      eventBody({
        sequence: 2,
        event_type: 'user.human.externalidp.added',
        event_payload: { idpConfigId: 'google-1', userId: 'google-account-7', displayName: 'Ada' },
      }),
    );
    await until(async () => (await statusOf())?.lastLoginProvider === 'google', 'the provider');
    expect((await statusOf())?.avatarUrl).toBe('https://a.example/7');
  });

  it('takes no picture that is not https, and none with a name or a password in it', async () => {
    const { send, make, statusOf } = await open();
    await make();
    const pictures = ['javascript:alert(1)', 'http://a.example/7', 'https://me:secret@a.example/7', 7];
    for (const [at, picture] of pictures.entries()) {
      const body = signInBodies(`i${at}`, 10 + at, { idpId: 'google-1', userId: id, profile: { picture } });
      await send('idpIntentSucceeded', body.started);
      await send('idpIntentSucceeded', body.succeeded);
    }
    await until(async () => (await statusOf())?.lastLoginProvider === 'google', 'the provider');
    expect((await statusOf())?.avatarUrl).toBeUndefined();
  });

  it('says at the object what was done to the user in Zitadel, and changes nothing of its spec', async () => {
    const { send, make, cluster } = await open();
    const made = await make();
    const types = ['user.deactivated', 'user.reactivated', 'user.locked', 'user.unlocked', 'user.removed'];
    for (const [at, event_type] of types.entries()) {
      const body = eventBody({ sequence: 10 + at, event_type, event_payload: undefined });
      await send('events', body);
      await send('events', body);
    }
    const events = await until(async () => {
      const { items } = await cluster.objects(clusterEvents, 'default').list();
      return items.length >= 5 && items;
    }, 'five Events');
    expect(events.map(({ reason }) => reason).toSorted()).toEqual([
      'DeactivatedInZitadel',
      'LockedInZitadel',
      'ReactivatedInZitadel',
      'RemovedInZitadel',
      'UnlockedInZitadel',
    ]);
    expect(events.every(({ regarding }) => regarding.uid === made.metadata.uid)).toBe(true);
    expect((await findUser(cluster, id))?.spec).toEqual(made.spec);
  });

  it('goes on where a control plane takes no Events', async () => {
    const { apiServer, send, make, cluster } = await open();
    await make();
    apiServer.faults.add({ method: 'POST', plural: 'events', status: 403 });
    await send('events', eventBody({ sequence: 5, event_type: 'user.locked', event_payload: undefined }));
    await vi.waitFor(
      () => expect(apiServer.requests.some(({ plural }) => plural === 'events')).toBe(true),
      5_000,
    );
    await send('createUserAccount', eventBody({ aggregateID: '300000000000000008' }));
    await until(() => findUser(cluster, '300000000000000008'), 'the other User object');
  });

  it('makes no object of a user who was removed before the webhook came', async () => {
    const { send, cluster, posts } = await open();
    await send('events', eventBody({ sequence: 5, event_type: 'user.removed', event_payload: undefined }));
    await send('createUserAccount', eventBody());
    await send('createUserAccount', eventBody({ aggregateID: '300000000000000008' }));
    await until(() => findUser(cluster, '300000000000000008'), 'the other User object');
    expect(await findUser(cluster, id)).toBeUndefined();
    expect(posts()).toBe(1);
  });
});
