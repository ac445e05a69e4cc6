import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** Words that somebody searches for, each the beginning of one that is to be found. At most eight. */
export function wordsOf(text: string | undefined): string[] {
  return (text ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8);
}

/** Whether a row has, for each of these, a word that begins so. `vector` is written exactly as an index has it. */
export function haveWords(vector: RawBuilder<unknown>, words: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`${vector} @@ ${beginningsOf(words)}::tsquery`;
}

/** Whether a row has none of these texts: it has one where {@link haveWords} says so of its words. */
export function lackWords(vector: RawBuilder<unknown>, texts: readonly string[]): RawBuilder<boolean> {
  const asked = texts.map(wordsOf).filter((words) => words.length > 0);
  if (asked.length === 0) return sql<boolean>`true`;
  const has = asked.map((words) => haveWords(vector, words));
  return sql<boolean>`not (${sql.join(has, sql` or `)})`;
}

/** As many rows are put in order at once without anybody noticing. */
const few = 10_000;

/**
 * Whether so few rows match that they are best read first and put in order then. The planner cannot know how few a word finds: it
 * would go through all rows in order until a page is full, which for a rare word is through all there are.
 */
export async function findsFew<T extends keyof Schema, O>(
  db: Kysely<Schema>,
  matching: SelectQueryBuilder<Schema, T, O>,
): Promise<boolean> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select from ${matching.limit(few + 1)} as found) as counted`.execute(
    db,
  );
  return (rows[0]?.count ?? 0) <= few;
}

/** All words that begin so, as PostgreSQL's text search asks for them. */
function beginningsOf(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`).join(' & ');
}
