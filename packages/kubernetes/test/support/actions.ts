import { createHmac } from 'node:crypto';
import { openDatabase } from '@drawbridge/directory';
import { type EventsDatabase, eventsTables, type SigningKeys } from '@drawbridge/events';
import { Secret } from '@drawbridge/kit';
import { onTestFinished } from 'vitest';
import {
  type ActionsServerOptions,
  actionPaths,
  type Cluster,
  createActionsServer,
  type KubeObject,
  type ResourceType,
  type User,
  users,
} from '../../src/index.ts';

export const signingKey = 'signing-key-of-the-target';
const instanceId = '312909075211944344';

export type TestDatabase = Awaited<ReturnType<typeof openTestDatabase>>;
type Tables = TestDatabase extends EventsDatabase<infer S> ? S : never;

/** A database with the tables of events, in memory. */
export async function openTestDatabase() {
  const database = await openDatabase({ memory: true });
  await database.migrate();
  return database;
}

/** Forgets every event, for the next test. */
export async function clearEvents(database: TestDatabase): Promise<void> {
  await database.transaction(async (trx) => {
    const tables = eventsTables(trx);
    for (const table of [
      'events_deliveries',
      'events_inbox',
      'events_consumers',
      'events_cursors',
      'events_instances',
      'events_revocations',
    ] as const)
      await tables.deleteFrom(table).execute();
  });
}

/** Keys that a test may change while the server runs. */
export function keysOf(...keys: readonly string[]): SigningKeys & { set(...keys: readonly string[]): void } {
  let present = keys;
  return {
    accepted: async () => present.map((key) => new Secret(key)),
    refresh: async () => false,
    set: (...now) => {
      present = now;
    },
  };
}

/** An actions server of a test, stopped with it. */
export async function openActions(
  options: Partial<Omit<ActionsServerOptions<Tables>, 'database'>> & { readonly database: TestDatabase },
) {
  const server = await createActionsServer<Tables>({
    port: 0,
    keys: keysOf(signingKey),
    pollMs: 20,
    ...options,
  });
  await server.start();
  onTestFinished(() => server.stop());
  return { server, send: sender(server.url) };
}

/** Sends as Zitadel does. */
export function sender(url: string) {
  return (
    path: keyof typeof actionPaths,
    body: unknown,
    { key = signingKey, at = Date.now(), headers = {} }: SendOptions = {},
  ): Promise<Response> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(`${url}${actionPaths[path]}`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json', 'zitadel-signature': sign(text, at, key), ...headers },
    });
  };
}

export interface SendOptions {
  readonly key?: string;
  /** Milliseconds since the epoch. */
  readonly at?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export function sign(text: string, at: number, key: string): string {
  const seconds = Math.floor(at / 1_000);
  return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${text}`).digest('hex')}`;
}

export interface EventChanges {
  readonly aggregateID?: string;
  readonly aggregateType?: string;
  readonly sequence?: number;
  readonly event_type?: string;
  readonly created_at?: string;
  readonly instanceID?: string;
  readonly event_payload?: unknown;
}

/** An event's body as Zitadel writes it: user `300000000000000007` has registered, unless said otherwise. */
export function eventBody(changes: EventChanges = {}) {
  return {
    aggregateID: '300000000000000007',
    aggregateType: 'user',
    resourceOwner: '3',
    instanceID: instanceId,
    version: 'v2',
    sequence: 1,
    event_type: 'user.human.selfregistered',
    created_at: '2026-01-01T00:00:01.123456789Z',
    userID: '300000000000000007',
    event_payload: {
      userName: 'ada',
      firstName: 'Ada',
      lastName: 'Lovelace',
      email: 'ada@acme.example',
      encodedHash: '$2a$14$a.password.hash',
    },
    ...changes,
  };
}

/** A sign-in through an identity provider: what its beginning and its end look like. */
export function signInBodies(
  intent: string,
  second: number,
  { idpId, userId, profile, accountId = 'account' }: SignInOptions,
) {
  const at = (plus: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second) + plus).toISOString();
  const of = { aggregateID: intent, aggregateType: 'idpintent' };
  return {
    started: eventBody({
      ...of,
      sequence: 1,
      event_type: 'idpintent.started',
      created_at: at(0),
      event_payload: { successURL: 'https://a', failureURL: 'https://b', idpId },
    }),
    succeeded: eventBody({
      ...of,
      sequence: 2,
      event_type: 'idpintent.succeeded',
      created_at: at(500),
      event_payload: {
        idpUser: Buffer.from(JSON.stringify(profile)).toString('base64'),
        idpUserId: accountId,
        idpUserName: 'ada',
        ...(userId === undefined ? {} : { userId }),
        idpAccessToken: { CryptoType: 0, Algorithm: 'aes', KeyID: 'k', Crypted: 'c2VjcmV0' },
      },
    }),
  };
}

export interface SignInOptions {
  readonly idpId: string;
  readonly userId?: string;
  readonly profile: unknown;
  readonly accountId?: string;
}

/** Events of Kubernetes, as they are read. */
export interface ClusterEvent extends KubeObject {
  readonly kind: 'Event';
  readonly reason: string;
  readonly type: string;
  readonly regarding: { readonly name: string; readonly uid: string };
}

export const clusterEvents: ResourceType<ClusterEvent> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};

export const servedUsers = { ...users, status: true };

/** The User object of an id, or undefined. */
export function findUser(cluster: Cluster, id = '300000000000000007'): Promise<User | undefined> {
  return cluster.objects(users).find(id);
}

/** Waits until a condition holds: asked again and again, for at most ten seconds unless told otherwise. */
export async function until<T>(
  condition: () => Promise<T | undefined | false>,
  what: string,
  limitMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`${what} did not come true in time`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
