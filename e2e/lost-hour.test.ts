import { openDatabase } from '@drawbridge/directory';
import { createZitadelEmulator } from '@drawbridge/emulators';
import { createCatchUp, createEventReader, createInbox, type ZitadelEvent } from '@drawbridge/events';
import { ManualClock } from '@drawbridge/kit';
import { createZitadel, parseServiceAccount } from '@drawbridge/zitadel';
import { expect, it, onTestFinished } from 'vitest';

it('after an hour in which no webhook arrived, every consumer has applied every event once and in order', async () => {
  const clock = new ManualClock(Date.now());
  const emulator = createZitadelEmulator({ clock });
  await emulator.start();
  onTestFinished(() => emulator.stop());
  const zitadel = createZitadel({
    issuer: emulator.issuer,
    credentials: parseServiceAccount(JSON.stringify(emulator.bootstrap.serviceAccountKey)),
    clock,
  });
  onTestFinished(() => zitadel.close());
  const database = await openDatabase({ memory: true });
  onTestFinished(() => database.close());
  await database.migrate();

  const { id: instance } = await zitadel.instance.get();
  const applied: Record<'states' | 'names', ZitadelEvent[]> = { states: [], names: [] };
  const inbox = createInbox({
    database,
    instance,
    clock,
    consumers: [
      {
        name: 'states',
        eventTypes: ['user.human.added', 'user.deactivated', 'user.reactivated'],
        handle: async (event) => void applied.states.push(event),
      },
      {
        name: 'names',
        eventTypes: ['user.human.added', 'user.username.changed'],
        handle: async (event) => void applied.names.push(event),
      },
    ],
  });
  await inbox.register();
  // An account of its own, which may look at everything and change nothing.
  const { id: viewerId } = await zitadel.users.create({
    organizationId: emulator.bootstrap.organizationId,
    username: 'viewer',
    machine: { name: 'Viewer' },
  });
  await zitadel.administrators.create({
    userId: viewerId,
    resource: { instance: true },
    roles: ['IAM_OWNER_VIEWER'],
  });
  const { keyFile } = await zitadel.users.addKey(viewerId, { expiresAt: new Date(clock.now() + 86_400_000) });
  const credentials = parseServiceAccount(keyFile?.expose() ?? '');
  const viewer = createZitadel({ issuer: emulator.issuer, credentials, clock });
  onTestFinished(() => viewer.close());
  const reader = createEventReader(viewer.events, instance);
  // Small pages, so that the hour is read in many.
  const catchUp = createCatchUp({ database, inbox, reader, clock, pageSize: 7 });
  await catchUp.pass();

  const people: string[] = [];
  for (let minute = 0; minute < 60; minute += 5) {
    clock.advance(5 * 60_000);
    const { id } = await zitadel.users.create({
      organizationId: emulator.bootstrap.organizationId,
      human: {
        profile: { givenName: 'Ada', familyName: `The ${minute}th` },
        email: { email: `ada-${minute}@acme.example`, isVerified: true },
      },
    });
    people.push(id);
    await zitadel.users.deactivate(id);
    if (minute % 10 === 0) await zitadel.users.reactivate(id);
    await zitadel.users.update(id, { human: {}, username: `ada-${minute}` });
  }

  for (let more = true; more; ) ({ more } = await catchUp.pass());
  await inbox.drain();
  await catchUp.pass();
  await inbox.drain();

  const of = (list: readonly ZitadelEvent[], id: string) =>
    list.filter(({ aggregateId }) => aggregateId === id).map(({ type }) => type);
  for (const [index, id] of people.entries()) {
    const states = ['user.human.added', 'user.deactivated', ...(index % 2 === 0 ? ['user.reactivated'] : [])];
    expect(of(applied.states, id)).toEqual(states);
    expect(of(applied.names, id)).toEqual(['user.human.added', 'user.username.changed']);
  }
});
