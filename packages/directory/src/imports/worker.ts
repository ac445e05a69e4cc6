import { type Clock, DrawbridgeError, type Logger, newId } from '@drawbridge/kit';
import type { Selectable } from 'kysely';
import { type ImportTable, violatedUnique } from '../database/index.ts';
import { type AlsoRecord, changeUser, createUser } from '../users/index.ts';
import { roleOf } from './check.ts';
import type { ImportParts } from './decide.ts';
import type { ImportRow } from './read.ts';

export interface ImportWorkerOptions extends ImportParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Runs of one import under way at once, so that a person's own request waits behind no more than these. Default 32. */
  readonly atOnce?: number;
  /** Called at named points; tests stop there. */
  readonly pause?: (point: string) => Promise<void>;
}

/** How long a worker may be silent before another goes on. */
const leaseMs = 20_000;
/** How long one job goes on before it makes room for other imports. */
const turnMs = 30_000;
const lookMs = 100;

type Import = Selectable<ImportTable>;

/** Thrown inside a row's transaction when the row is not this worker's to start any more: nothing of it is kept. */
class RowTaken extends Error {
  override readonly name = 'RowTaken';
}

/**
 * Starts the runs of imports, a bounded number at a time. What it has done is in the rows, each written with the start of
 * its run: whoever takes an import over goes on at the first row without one.
 */
export class ImportWorker {
  readonly #options: ImportWorkerOptions;
  readonly #stopping = new AbortController();

  constructor(options: ImportWorkerOptions) {
    this.#options = options;
  }

  /** Goes on with an import for a while; does nothing when another worker, or another turn of this one, has it. */
  async work(importId: string): Promise<void> {
    // Else the job that passes the import on would come back here, again and again. `recoverImports` finds it.
    if (this.#stopping.signal.aborted) return;
    const { clock } = this.#options;
    const until = clock.now() + turnMs;
    // A turn, not a process, owns an import: two jobs of one process must not count past each other.
    const owner = newId();
    let entry = await this.#hold(importId, owner);
    while (entry && !this.#stopping.signal.aborted) {
      if (await this.#advance(entry, owner)) return;
      if (clock.now() >= until) return await this.#passOn(importId, owner);
      await clock.sleep(lookMs, this.#stopping.signal, { background: true }).catch(() => undefined);
      entry = await this.#hold(importId, owner);
    }
    if (entry) await this.#passOn(importId, owner);
  }

  /** Ends at the next row. Another worker goes on, or this one after a restart. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Takes the import, or keeps it; nothing when it is over or somebody else's. */
  async #hold(id: string, owner: string): Promise<Import | undefined> {
    const { database, clock } = this.#options;
    const now = new Date(clock.now());
    return await database.read(async (db) => {
      const mine = await db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst();
      if (!mine || (mine.state !== 'running' && mine.state !== 'stopping')) return undefined;
      const half = now.getTime() + leaseMs / 2;
      if (mine.lease_owner === owner && (mine.lease_until?.getTime() ?? 0) > half) return mine;
      return await db
        .updateTable('imports')
        .set({ lease_owner: owner, lease_until: new Date(now.getTime() + leaseMs) })
        .where('id', '=', id)
        .where('state', 'in', ['running', 'stopping'])
        .where((or) =>
          or.or([or('lease_owner', '=', owner), or('lease_until', 'is', null), or('lease_until', '<=', now)]),
        )
        .returningAll()
        .executeTakeFirst();
    });
  }

  /** Fills up what may be under way. @returns whether the import is over */
  async #advance(entry: Import, owner: string): Promise<boolean> {
    const { database, atOnce = 32 } = this.#options;
    const open = await database.read((db) =>
      db
        .selectFrom('provisioning_runs')
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .where('batch_id', '=', entry.id)
        .where('state', 'in', ['queued', 'running', 'compensating'])
        .executeTakeFirstOrThrow(),
    );
    const room = atOnce - Number(open.count);
    const rows = entry.state === 'running' && room > 0 ? await this.#nextRows(entry.id, room) : [];
    for (const row of rows) {
      if (this.#stopping.signal.aborted) return false;
      await this.#start(entry, row, owner);
      await this.#options.pause?.('row:started');
    }
    const nothingToStart = entry.state === 'stopping' || (room > 0 && rows.length === 0);
    if (!nothingToStart || Number(open.count) > 0) return false;
    return await this.#finish(entry, owner);
  }

  async #nextRows(importId: string, limit: number): Promise<ImportRow[]> {
    return await this.#options.database.read((db) =>
      db
        .selectFrom('import_rows')
        .selectAll()
        .where('import_id', '=', importId)
        .where('state', '=', 'planned')
        .where('plan', 'in', ['create', 'change'])
        .orderBy('row')
        .limit(limit)
        .execute(),
    );
  }

  /** Starts a row's run and says so in the row, both or neither; or says why there is none. */
  async #start(entry: Import, row: ImportRow, owner: string): Promise<void> {
    const { database, logger } = this.#options;
    try {
      await this.#request(entry, row, owner);
    } catch (caught) {
      if (caught instanceof RowTaken) return;
      // Somebody created the same person since the dry run, in this very moment.
      const error =
        violatedUnique(caught) === undefined ? DrawbridgeError.from(caught) : new DrawbridgeError('conflict');
      // An outage is no fault of the row: it is tried again.
      if (error.code === 'internal' || error.code === 'database_unavailable') throw caught;
      logger.info({ component: 'imports', code: error.code }, 'a row of an import was not started');
      const { code, message } = error;
      await database.read((db) =>
        db
          .updateTable('import_rows')
          .set({ state: 'failed', code, message: error.problems[0]?.message ?? message })
          .where('import_id', '=', entry.id)
          .where('row', '=', row.row)
          .where('state', '=', 'planned')
          .execute(),
      );
    }
  }

  async #request(entry: Import, { row, plan, content, user_id }: ImportRow, owner: string): Promise<void> {
    const who = {
      actor: entry.requested_by,
      batchId: entry.id,
      ...(entry.request_id === null ? {} : { requestId: entry.request_id }),
    };
    const also: AlsoRecord = async (trx, started) => {
      // Locked until the row is written: nobody stops the import, or takes it over, between the two.
      const held = await trx
        .selectFrom('imports')
        .select('id')
        .where('id', '=', entry.id)
        .where('lease_owner', '=', owner)
        .where('state', '=', 'running')
        .forShare()
        .executeTakeFirst();
      if (!held) throw new RowTaken();
      const { numUpdatedRows } = await trx
        .updateTable('import_rows')
        .set({ state: 'started', user_id: started.userId, run_id: started.runId })
        .where('import_id', '=', entry.id)
        .where('row', '=', row)
        .where('state', '=', 'planned')
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) throw new RowTaken();
    };
    const { email = '', given_name: givenName = '', family_name: familyName = '' } = content;
    if (plan === 'change' && user_id !== null) {
      const change = { givenName, familyName, ...(content.role ? { role: content.role } : {}) };
      await changeUser(this.#options, user_id, change, who, undefined, also);
      return;
    }
    const identity = content.identity_provider_user_id;
    const request = {
      ...who,
      organizationId: entry.organization_id,
      email,
      givenName,
      familyName,
      role: roleOf(content),
      ...(identity
        ? { signIn: 'idp' as const, identityProviderUserId: identity }
        : { signIn: 'invite' as const }),
    };
    await createUser(this.#options, request, also);
  }

  async #finish({ id, state }: Import, owner: string): Promise<boolean> {
    const { database, clock } = this.#options;
    const ended = await database.read((db) =>
      db
        .updateTable('imports')
        .set({
          state: state === 'stopping' ? 'stopped' : 'done',
          finished_at: new Date(clock.now()),
          lease_owner: null,
          lease_until: null,
        })
        .where('id', '=', id)
        .where('state', '=', state)
        .where('lease_owner', '=', owner)
        .returning('id')
        .executeTakeFirst(),
    );
    return ended !== undefined;
  }

  /** Gives the import back, with a job for whoever goes on. */
  async #passOn(importId: string, owner: string): Promise<void> {
    await this.#options.database.transaction(async (trx) => {
      await trx
        .updateTable('imports')
        .set({ lease_owner: null, lease_until: null })
        .where('id', '=', importId)
        .where('lease_owner', '=', owner)
        .execute();
      await this.#options.jobs.send(trx, 'import', { importId });
    });
  }
}
