import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DrawbridgeError, ManualClock, Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { actionPaths, createActionsServer, openKeyRing } from '../../src/index.ts';
import {
  clearEvents,
  eventBody,
  keysOf,
  openActions,
  openTestDatabase,
  sender,
  signingKey,
  type TestDatabase,
} from '../support/actions.ts';

const functionBody = {
  function: 'function/preaccesstoken',
  user: { id: '8', username: 'robot@shop.example', machine: { name: 'robot' } },
};

describe('the actions server', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(() => clearEvents(database));
  afterAll(() => database.close());

  it('answers functions with claims, from the raw body whatever its type says', async () => {
    const { send } = await openActions({ database });
    const answer = await send('customizeJwt', functionBody, { headers: { 'content-type': 'text/plain' } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ append_claims: [{ key: 'email', value: 'robot@shop.example' }] });
  });

  it('F6 S47 S50 refuses calls that are not signed just now by one of its keys, too large or too deep', async () => {
    const { send, server } = await openActions({ database });
    const body = functionBody;
    const statusOf = async (answer: Promise<Response>) => (await answer).status;
    for (const path of Object.keys(actionPaths) as (keyof typeof actionPaths)[]) {
      expect(await statusOf(send(path, body, { key: 'another' }))).toBe(401);
      expect(await statusOf(send(path, body, { at: Date.now() - 301_000 }))).toBe(401);
      expect(await statusOf(send(path, body, { at: Date.now() + 32_000 }))).toBe(401);
      const unsigned = { 'zitadel-signature': '' };
      expect(await statusOf(send(path, body, { headers: unsigned }))).toBe(401);
      expect(await statusOf(send(path, 'x'.repeat(1024 * 1024 + 1)))).toBe(413);
      expect(await statusOf(send(path, `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`))).toBe(400);
      expect(await statusOf(fetch(`${server.url}${actionPaths[path]}`))).toBe(405);
    }
    expect(await statusOf(send('customizeJwt', eventBody()))).toBe(400);
    expect(await statusOf(send('createUserAccount', functionBody))).toBe(400);
  });

  it('S49 takes calls signed with either key while one is replaced', async () => {
    const keys = keysOf(signingKey, 'the next key');
    const { send } = await openActions({ database, keys });
    for (const key of [signingKey, 'the next key'])
      expect((await send('customizeJwt', functionBody, { key })).status).toBe(200);
    keys.set('the next key');
    expect((await send('customizeJwt', functionBody)).status).toBe(401);
  });

  it('S49 takes unsigned calls on loopback alone', async () => {
    await expect(createActionsServer({ database, host: '0.0.0.0', port: 0 })).rejects.toMatchObject({
      code: 'invalid_settings',
    });
    const server = await createActionsServer({ database, port: 0 });
    await server.start();
    onTestFinished(() => server.stop());
    const send = sender(server.url);
    const unsigned = { headers: { 'zitadel-signature': '' } };
    expect((await send('customizeJwt', functionBody, unsigned)).status).toBe(200);
    expect((await send('createUserAccount', eventBody(), unsigned)).status).toBe(200);
  });

  it('S52 is of the instance of the first signed call, and refuses those of another', async () => {
    const { send, server } = await openActions({ database });
    const foreign = eventBody({ instanceID: '999' });
    expect((await send('events', foreign, { key: 'another' })).status).toBe(401);
    expect((await send('events', eventBody())).status).toBe(200);
    expect((await send('events', foreign)).status).toBe(400);
    await server.stop();
    const again = await openActions({ database });
    expect((await again.send('events', foreign)).status).toBe(400);
    expect((await again.send('events', eventBody({ sequence: 2 }))).status).toBe(200);
  });

  it('S52 is of the instance that is set, from the first call on', async () => {
    const { send } = await openActions({ database, instance: '777' });
    expect((await send('events', eventBody())).status).toBe(400);
    expect((await send('events', eventBody({ instanceID: '777' }))).status).toBe(200);
  });

  it('S51 says that an event is not stored while the database is away, and that it is not ready', async () => {
    const state = { away: false };
    const refuse = async () => {
      throw new DrawbridgeError('database_unavailable');
    };
    const own: typeof database = Object.assign(Object.create(database) as typeof database, {
      transaction: (work: never) => (state.away ? refuse() : database.transaction(work)),
      read: (work: never) => (state.away ? refuse() : database.read(work)),
    });
    const { send, server } = await openActions({ database: own });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    state.away = true;
    expect((await send('events', eventBody())).status).toBe(503);
    state.away = false;
    expect((await send('events', eventBody())).status).toBe(200);
    state.away = true;
    expect((await send('events', eventBody({ sequence: 2 }))).status).toBe(503);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    // A token needs no database.
    expect((await send('customizeJwt', functionBody)).status).toBe(200);
  });

  it('answers a function with an error once its time is over, and never with some of the claims', async () => {
    const never = new Promise<never>(() => undefined);
    const { send } = await openActions({
      database,
      customizeMs: 50,
      keys: { accepted: () => never, refresh: async () => false },
    });
    const answer = await send('customizeJwt', functionBody);
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({ code: 'timeout' });
  });
});

describe('signing keys', () => {
  it('S49 come from settings and a file, which is read again when a signature does not fit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drawbridge-keys-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'keys');
    await writeFile(file, '# of create-user\none\n\n two \n', { mode: 0o600 });
    const clock = new ManualClock();
    const ring = await openKeyRing({ keys: [new Secret('zero')], file, clock });
    const texts = async () => (await ring.accepted()).map((key) => key.expose());
    expect(await texts()).toEqual(['zero', 'one', 'two']);
    await writeFile(file, 'three');
    expect(await ring.refresh()).toBe(false);
    clock.advance(5_000);
    expect(await ring.refresh()).toBe(true);
    expect(await texts()).toEqual(['zero', 'three']);
    clock.advance(5_000);
    expect(await ring.refresh()).toBe(false);
  });

  it('are never none, and never so many that trying them is work', async () => {
    await expect(openKeyRing({})).rejects.toMatchObject({ code: 'invalid_settings' });
    await expect(openKeyRing({ keys: [new Secret('')] })).rejects.toMatchObject({ code: 'invalid_settings' });
    const many = Array.from({ length: 17 }, (_, at) => new Secret(`key-${at}`));
    await expect(openKeyRing({ keys: many })).rejects.toMatchObject({ code: 'invalid_settings' });
  });
});
