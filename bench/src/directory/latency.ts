import { type Directory, putMember } from '@drawbridge/directory';
import type { Zitadel } from '@drawbridge/zitadel';
import { sql } from 'kysely';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';
import { startEmulator } from '../zitadel/emulator.ts';
import { ownDatabase } from './own-database.ts';
import { percentile, until } from './rate.ts';
import { addTenant, openDirectoryOn, root } from './tenant.ts';

const people = 400;
const byWebhook = 60;
const byReading = 20;
const changes = 100;
const liveBudgetMs = 300;

/** How long it takes until a change is known: from Zitadel's event to the user's row, and from there to a browser. */
export async function* measureLatency(): AsyncGenerator<Measurement> {
  yield* measureEvents('webhook', byWebhook, 'own');
  yield* measureEvents('catch-up alone', byReading, undefined);
  yield* measureLive();
}

async function* measureEvents(
  how: string,
  count: number,
  url: string | undefined,
): AsyncGenerator<Measurement> {
  const emulator = await startEmulator({ outboundDenyList: [] });
  const database = await ownDatabase();
  const directory = await openDirectoryOn(emulator, database.location, {
    events: url === undefined ? {} : { url },
  });
  const zitadel = emulator.client();
  try {
    const organizationId = await addTenant(emulator, directory);
    await addPeople(zitadel, directory, organizationId);
    // Every event is to be believed here: what is measured is time.
    await directory.database.db
      .insertInto('settings')
      .values({
        key: 'sync.brakeOn',
        value: 'false',
        updated_by: 'bench',
        updated_at: new Date(),
      })
      .execute();
    await directory.start();
    if (url !== undefined)
      await until(async () => (await zitadel.actions.listTargets().all())[0]?.timeoutMs === 5_000);
    for (let at = 0; at < count; at += 1) {
      await zitadel.users.deactivate(`p${at}`);
      // Zitadel's catch-up comes by the clock: moments of all its phases are wanted.
      await new Promise((resolve) => setTimeout(resolve, url === undefined ? 700 : 40));
    }
    await until(async () => (await delays(directory)).length === count, 200);
    const known = await delays(directory);
    yield {
      name: `from event to the user's row, by ${how} (${database.kind})`,
      value: `p50 ${round(percentile(known, 0.5))} ms, p99 ${round(percentile(known, 0.99))} ms`,
      ...(url === undefined ? {} : { budget: { text: '≤ 5 s', kept: percentile(known, 0.99) <= 5_000 } }),
    };
  } finally {
    await zitadel.close();
    await directory.stop();
    await database.drop();
    await emulator.stop();
  }
}

async function* measureLive(): AsyncGenerator<Measurement> {
  const emulator = await startEmulator();
  const database = await ownDatabase();
  const directory = await openDirectoryOn(emulator, database.location, { work: false });
  const zitadel = emulator.client();
  const stop = new AbortController();
  try {
    const organizationId = await addTenant(emulator, directory);
    await addPeople(zitadel, directory, organizationId);
    await directory.start();
    const answer = await fetch(`${directory.url}/api/events`, {
      headers: { authorization: `Bearer ${root}` },
      signal: stop.signal,
    });
    const arrived = new Map<string, number>();
    const reading = readIds(answer, (id) => arrived.set(id, performance.now()), stop.signal);
    const ids = await directory.database.db.selectFrom('users').select('id').limit(changes).execute();
    const taken: number[] = [];
    for (const { id } of ids) {
      // What another transaction of the server held up may have come only now.
      arrived.delete(id);
      await sql`update users set version = version + 1 where id = ${id}`.execute(directory.database.db);
      const committed = performance.now();
      await until(() => arrived.has(id), 2);
      taken.push((arrived.get(id) ?? 0) - committed);
      // The reader looks five times a second: moments of all its phases are wanted.
      await new Promise((resolve) => setTimeout(resolve, (taken.length * 37) % 200));
    }
    stop.abort();
    await reading;
    const p99 = percentile(taken, 0.99);
    yield {
      name: `from commit to a browser's event (${database.kind})`,
      value: `p50 ${round(percentile(taken, 0.5))} ms, p99 ${round(p99)} ms`,
      budget: { text: `≤ ${liveBudgetMs} ms`, kept: p99 <= liveBudgetMs },
    };
  } finally {
    stop.abort();
    await zitadel.close();
    await directory.stop();
    await database.drop();
    await emulator.stop();
  }
}

/** Milliseconds from each event in Zitadel until its user was denied here, as the directory itself has written. */
async function delays({ database }: Directory): Promise<number[]> {
  const rows = await database.db
    .selectFrom('status_changes')
    .select('denied_after_ms')
    .where('cause', '=', 'event')
    .where('denied_after_ms', 'is not', null)
    .execute();
  return rows.map(({ denied_after_ms: ms }) => ms ?? 0);
}

/** Puts people into Zitadel and the directory, as if they had always been there. */
async function addPeople(zitadel: Zitadel, { database }: Directory, organizationId: string): Promise<void> {
  const { integration_id: integrationId } = await database.db
    .selectFrom('organizations')
    .select('integration_id')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
  for (let at = 0; at < people; at += 1) {
    const zitadelUserId = `p${at}`;
    const email = `${zitadelUserId}@north.example`;
    const names = { givenName: 'Ada', familyName: 'Okafor' };
    await zitadel.users.create({
      organizationId: 'north',
      userId: zitadelUserId,
      username: email,
      human: { profile: names, email: { email, isVerified: true } },
    });
    await database.transaction((trx) =>
      putMember(trx, {
        organizationId,
        integrationId,
        zitadelUserId,
        email,
        ...names,
        role: 'user',
        actor: 'bench',
        at: new Date(Date.now() - 86_400_000),
      }),
    );
  }
}

/** Reads a stream of server-sent events and tells the id of the object of each. */
async function readIds(answer: Response, tell: (id: string) => void, signal: AbortSignal): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const part of answer.body ?? []) {
      text += decoder.decode(part as Uint8Array, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const [, id] = /^data: \{"id":"([^"]+)"/m.exec(event) ?? [];
        if (id !== undefined) tell(id);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
