import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { first } from './0001-first.ts';
import { tenants } from './0002-tenants.ts';
import { sweeps } from './0003-sweeps.ts';
import { imports } from './0004-imports.ts';
import { indexes } from './0005-indexes.ts';
import { memberChanges } from './0006-member-changes.ts';
import { words } from './0007-words.ts';
import { decisions } from './0008-decisions.ts';

/** Migrations in the order of their names. One that was released is never changed, only followed. */
export const migrations: Record<string, Migration> = {
  '0001_first': statements(first),
  '0002_tenants': statements(tenants),
  '0003_sweeps': statements(sweeps),
  '0004_imports': statements(imports),
  '0005_indexes': statements(indexes),
  '0006_member_changes': statements(memberChanges),
  '0007_words': statements(words),
  '0008_decisions': statements(decisions),
};

function statements(list: readonly string[]): Migration {
  return {
    async up(db) {
      for (const statement of list) await sql.raw(statement).execute(db as Kysely<unknown>);
    },
  };
}
