import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { createCatchUp, createEventReader, createInbox, type ZitadelEvent } from '@drawbridge/events';
import { createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase } from '../support/databases.ts';

describe.each(databases)('catch-up with an emulated Zitadel on $name', ({ open }) => {
  let database: TestDatabase;
  let emulator: ZitadelEmulator;
  let zitadel: Zitadel;
  beforeAll(async () => {
    database = await open();
    emulator = createZitadelEmulator();
    await emulator.start();
    const key = JSON.stringify(emulator.bootstrap.serviceAccountKey);
    zitadel = createZitadel({ issuer: emulator.issuer, credentials: parseServiceAccount(key) });
  });
  afterAll(async () => {
    await zitadel.close();
    await emulator.stop();
    await database.close();
  });

  it("reads a user's life from its event store", async () => {
    const { id: instance } = await zitadel.instance.get();
    const seen: ZitadelEvent[] = [];
    const inbox = createInbox({
      database,
      instance,
      consumers: [
        {
          name: 'life',
          eventTypes: ['user.human.added', 'user.deactivated', 'user.reactivated', 'user.removed'],
          handle: async (event) => {
            seen.push(event);
          },
        },
      ],
    });
    await inbox.register();
    const { id } = await zitadel.users.create({
      organizationId: emulator.bootstrap.organizationId,
      human: {
        profile: { givenName: 'Ada', familyName: 'Lovelace' },
        email: { email: 'ada@acme.example', isVerified: true },
        password: { password: 'Password1!' },
      },
    });
    await zitadel.users.deactivate(id);
    await zitadel.users.reactivate(id);
    await zitadel.users.remove(id);
    const reader = createEventReader(zitadel.events, instance);
    const catchUp = createCatchUp({ database, inbox, reader, pageSize: 2 });
    while ((await catchUp.pass()).more);
    await inbox.drain();
    const own = seen.filter(({ aggregateId }) => aggregateId === id);
    expect(own.map(({ type }) => type)).toEqual([
      'user.human.added',
      'user.deactivated',
      'user.reactivated',
      'user.removed',
    ]);
    expect(own[0]).toMatchObject({
      instance,
      aggregateType: 'user',
      resourceOwner: emulator.bootstrap.organizationId,
      payload: { userName: 'ada@acme.example', firstName: 'Ada' },
    });
    expect(own[0]?.payload?.encodedHash).toBe('[redacted]');
  });

  it('refuses a query that Zitadel would refuse', async () => {
    const reader = createEventReader(zitadel.events, '1');
    const many = Array.from({ length: 31 }, (_, at) => `user.type_${at}`);
    for (const query of [{ types: [] }, { types: many }, { types: ['user.removed'], limit: 1_001 }])
      await expect(reader.read(query)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('does not take an event that is none', async () => {
    const stored = {
      type: 'user.removed',
      aggregateType: 'user',
      aggregateId: '7',
      resourceOwner: '3',
      sequence: '1',
      createdAt: '2026-01-01T00:00:00.123456Z',
      editorUserId: '',
    };
    const readerOf = (changes: Partial<typeof stored>) =>
      createEventReader(
        {
          async *list() {
            yield { ...stored, ...changes };
          },
        },
        '1',
      );
    expect(await readerOf({}).read({ types: ['user.removed'] })).toMatchObject([
      { aggregateId: '7', sequence: 1 },
    ]);
    for (const changes of [{ sequence: 'one' }, { createdAt: 'yesterday' }, { aggregateType: '' }])
      await expect(readerOf(changes).read({ types: ['user.removed'] })).rejects.toMatchObject({
        code: 'invalid_response',
      });
  });
});
