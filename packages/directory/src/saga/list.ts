import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import {
  type Database,
  findsFew,
  haveWords,
  lackWords,
  type RunState,
  type RunTable,
  type Schema,
  wordsOf,
} from '../database/index.ts';
import type { Run, StepRow } from './store.ts';

/** Runs that a list leaves out: those of which one of these holds. */
export interface WithoutRuns {
  readonly states?: readonly RunState[];
  readonly userIds?: readonly string[];
  readonly batchIds?: readonly string[];
  /** As {@link ListRuns.q}. */
  readonly words?: readonly string[];
}

/** Which runs to list. */
export interface ListRuns {
  readonly organizationId?: string;
  readonly state?: RunState;
  readonly userId?: string;
  readonly batchId?: string;
  /** Beginnings of words of what the run does, and to whom. */
  readonly q?: string;
  /** When it was requested: from then on, and before then. */
  readonly from?: Date;
  readonly to?: Date;
  /** Which to leave out. */
  readonly without?: WithoutRuns;
  /** Id of the last run of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export interface RunPage {
  readonly items: readonly { readonly run: Run; readonly steps: readonly StepRow[] }[];
  readonly next?: string;
}

/** Runs with their steps, the newest first. */
export async function listRuns(database: Database, list: ListRuns): Promise<RunPage> {
  const { after, limit } = list;
  return await database.read(async (db) => {
    let query = narrow(await candidates(db, list), list)
      .selectAll('provisioning_runs')
      .orderBy('provisioning_runs.id', 'desc')
      .limit(limit + 1);
    if (after !== undefined) query = query.where('provisioning_runs.id', '<', after);
    const found = await query.execute();
    const runs = found.slice(0, limit);
    const ids = runs.map(({ id }) => id);
    const steps =
      ids.length === 0
        ? []
        : await db
            .selectFrom('provisioning_steps')
            .selectAll()
            .where('run_id', 'in', ids)
            .orderBy('position')
            .execute();
    const stepsOf = Map.groupBy(steps, ({ run_id }) => run_id);
    const last = found.length > limit ? runs.at(-1) : undefined;
    return {
      items: runs.map((run) => ({ run, steps: stepsOf.get(run.id) ?? [] })),
      ...(last ? { next: last.id } : {}),
    };
  });
}

type Query = SelectQueryBuilder<Schema, 'provisioning_runs', object>;

/** What a run does and to whom, as the index `provisioning_runs_words` has it. */
const searchable = sql`array_to_tsvector(
  array_remove(string_to_array(lower(left(coalesce(title, ''), 500) || ' ' || replace(saga, '-', ' ')), ' '), ''))`;

/** All runs, or those that a search finds where they are few enough to be read first. */
async function candidates(db: Kysely<Schema>, { q, organizationId }: ListRuns): Promise<Query> {
  const words = wordsOf(q);
  const all = db.selectFrom('provisioning_runs');
  if (words.length === 0) return all;
  const matching = all
    .where(haveWords(searchable, words))
    .$if(organizationId !== undefined, (query) => query.where('organization_id', '=', organizationId ?? ''));
  if (!(await findsFew(db, matching))) return matching;
  const found = sql<RunTable>`(${matching.selectAll()} offset 0)`.as<'provisioning_runs'>(
    sql`provisioning_runs`,
  );
  return db.selectFrom(found) as unknown as Query;
}

function narrow(
  base: Query,
  { organizationId, state, userId, batchId, from, to, without = {} }: ListRuns,
): Query {
  let query = base;
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  if (state !== undefined) query = query.where('state', '=', state);
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  if (batchId !== undefined) query = query.where('batch_id', '=', batchId);
  if (from !== undefined) query = query.where('created_at', '>=', from);
  if (to !== undefined) query = query.where('created_at', '<', to);
  const { states = [], userIds = [], batchIds = [], words = [] } = without;
  if (states.length > 0) query = query.where('state', 'not in', states);
  for (const id of userIds) query = query.where('user_id', 'is distinct from', id);
  for (const id of batchIds) query = query.where('batch_id', 'is distinct from', id);
  return words.length === 0 ? query : query.where(lackWords(searchable, words));
}
