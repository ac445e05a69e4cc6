import { createZitadelEmulator } from '@drawbridge/emulators';
import {
  addReceiverRoute,
  type Consumer,
  createCatchUp,
  createEventExecutions,
  createEventReader,
  createInbox,
  createReceiver,
  createSigningKeys,
} from '@drawbridge/events';
import { createHttpServer } from '@drawbridge/kit';
import { createZitadel, parseServiceAccount } from '@drawbridge/zitadel';
import type { TestDatabase, TestSchema } from './databases.ts';

/** An emulated Zitadel that may call loopback, and its client. */
export async function openZitadel() {
  const emulator = createZitadelEmulator({ outboundDenyList: [] });
  await emulator.start();
  const key = JSON.stringify(emulator.bootstrap.serviceAccountKey);
  const zitadel = createZitadel({ issuer: emulator.issuer, credentials: parseServiceAccount(key) });
  let people = 0;
  return {
    emulator,
    zitadel,
    /** @returns the id of a new user */
    addUser: async (): Promise<string> => {
      people += 1;
      const { id } = await zitadel.users.create({
        organizationId: emulator.bootstrap.organizationId,
        human: {
          profile: { givenName: 'Ada', familyName: 'Lovelace' },
          email: { email: `ada-${people}@acme.example`, isVerified: true },
        },
      });
      return id;
    },
    close: async () => {
      await zitadel.close();
      await emulator.stop();
    },
  };
}

export type OpenZitadel = Awaited<ReturnType<typeof openZitadel>>;

/** Everything of this package on one Zitadel and one database, as a program wires it. */
export async function openBridge(
  { zitadel }: OpenZitadel,
  database: TestDatabase,
  consumers: readonly Consumer<TestSchema>[],
) {
  const { id: instance } = await zitadel.instance.get();
  const inbox = createInbox({ database, instance, consumers, pollMs: 50 });
  await inbox.register();
  const server = await createHttpServer({ name: 'events', port: 0 });
  let endpoint = 'http://127.0.0.1:1/';
  const executionsTo = (url: string) =>
    createEventExecutions({
      actions: zitadel.actions,
      endpoint: url,
      eventTypes: consumers.flatMap(({ eventTypes }) => eventTypes),
    });
  const keys = createSigningKeys({ load: () => executionsTo(endpoint).signingKey(), cooldownMs: 0 });
  await addReceiverRoute(server, { receiver: createReceiver({ inbox, keys }) });
  await server.start();
  endpoint = `${server.url}/webhooks/zitadel/events`;
  const reader = createEventReader(zitadel.events, instance);
  const catchUp = createCatchUp({ database, inbox, reader, intervalMs: 200, gapMs: 20 });
  return {
    instance,
    inbox,
    reader,
    catchUp,
    executions: executionsTo(endpoint),
    start: () => {
      inbox.start();
      catchUp.start();
    },
    close: async () => {
      await server.stop();
      await catchUp.stop();
      await inbox.stop();
    },
  };
}
