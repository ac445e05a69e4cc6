import { createHmac, randomBytes } from 'node:crypto';
import { type Database, openDatabase } from '@drawbridge/directory';
import { addReceiverRoute, createInbox, createReceiver } from '@drawbridge/events';
import { createHttpServer, Secret } from '@drawbridge/kit';
import { sql } from 'kysely';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';

const signingKey = 'signing-key-of-the-benchmark';
const events = 3_000;
const concurrency = 8;

/** Webhooks over loopback into the durable inbox, against bare inserts into the same database. */
export async function* run(): AsyncGenerator<Measurement> {
  const url = process.env.E2E_DATABASE_URL;
  const database = await openDatabase(url ? { url: new Secret(url) } : { memory: true });
  const instance = `bench-${randomBytes(4).toString('hex')}`;
  try {
    await database.migrate();
    const handled = Promise.withResolvers<void>();
    let count = 0;
    const inbox = createInbox({
      database,
      instance,
      consumers: [
        {
          name: 'bench',
          eventTypes: ['user.human.added'],
          order: 'arrival',
          handle: async () => {
            if (++count === events) handled.resolve();
          },
        },
      ],
    });
    await inbox.register();
    const server = await createHttpServer({ name: 'bench', port: 0 });
    await addReceiverRoute(server, { receiver: createReceiver({ inbox, keys: [new Secret(signingKey)] }) });
    await server.start();
    const bare = await bareInserts(database);
    const began = performance.now();
    const latencies = await deliver(`${server.url}/webhooks/zitadel/events`, instance);
    const received = events / ((performance.now() - began) / 1_000);
    const applying = performance.now();
    inbox.start();
    await handled.promise;
    const applied = events / ((performance.now() - applying) / 1_000);
    await inbox.stop();
    await server.stop();
    const p99 =
      latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? Number.POSITIVE_INFINITY;
    yield { name: `bare inserts, ${concurrency} at once (${database.kind})`, value: `${round(bare)}/s` };
    yield {
      name: 'webhooks received and durable',
      value: `${round(received)}/s, ${round(received / bare, 2)} × bare`,
    };
    yield {
      name: 'acknowledged, p99',
      value: `${round(p99, 1)} ms`,
      budget: { text: '≤ 50 ms', kept: p99 <= 50 },
    };
    yield {
      name: 'applied once by a consumer',
      value: `${round(applied)}/s, ${round(applied / bare, 2)} × bare`,
    };
  } finally {
    await database.transaction(async (trx) => {
      await sql`delete from events_deliveries where position in (select position from events_inbox where instance = ${instance})`.execute(
        trx,
      );
      await sql`delete from events_inbox where instance = ${instance}`.execute(trx);
    });
    await database.close();
  }
}

/** Rows a second that the database takes one by one, as many at once as webhooks come. */
async function bareInserts(database: Database): Promise<number> {
  const table = `bench_${randomBytes(4).toString('hex')}`;
  await database.read((db) =>
    sql.raw(`create table ${table} (id text primary key, payload jsonb not null)`).execute(db),
  );
  const began = performance.now();
  await together(async (index) => {
    await database.read((db) =>
      sql`insert into ${sql.table(table)} values (${String(index)}, ${'{"userName":"ada"}'}::jsonb)`.execute(
        db,
      ),
    );
  });
  const rate = events / ((performance.now() - began) / 1_000);
  await database.read((db) => sql.raw(`drop table ${table}`).execute(db));
  return rate;
}

/** @returns milliseconds until each was acknowledged */
async function deliver(url: string, instance: string): Promise<number[]> {
  const latencies: number[] = [];
  await together(async (index) => {
    const body = JSON.stringify({
      aggregateID: `user-${index}`,
      aggregateType: 'user',
      resourceOwner: 'org',
      instanceID: instance,
      version: 'v2',
      sequence: 1,
      event_type: 'user.human.added',
      created_at: new Date().toISOString(),
      userID: 'admin',
      event_payload: {
        userName: `ada-${index}`,
        firstName: 'Ada',
        lastName: 'Okafor',
        email: 'ada@acme.example',
      },
    });
    const at = Math.floor(Date.now() / 1_000);
    const digest = createHmac('sha256', signingKey).update(`${at}.${body}`).digest('hex');
    const began = performance.now();
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'zitadel-signature': `t=${at},v1=${digest}` },
      body,
    });
    await answer.arrayBuffer();
    latencies.push(performance.now() - began);
    if (!answer.ok) throw new Error(`the receiver answered ${answer.status}`);
  });
  return latencies;
}

async function together(work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < events) await work(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
