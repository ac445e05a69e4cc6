import { compareSchema, type Database } from '@drawbridge/directory';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';

describe.each(databases)('the schema on $name', ({ open }) => {
  let close: () => Promise<void> = async () => undefined;
  afterEach(() => close());

  const opened = async (): Promise<Database> => {
    const one = await open();
    close = one.close;
    return one.database;
  };

  it('is what the migrations make, the same on both databases', async () => {
    expect(await compareSchema(await opened())).toEqual({ missing: [], unknown: [] });
  });

  it('that was changed behind the directory is told thing by thing', async () => {
    const database = await opened();
    for (const statement of [
      'drop index users_email',
      'alter table users add column hobby text',
      'alter table organizations alter column name drop not null',
      'drop trigger users_changes on users',
      'alter table imports drop constraint imports_state_check',
    ])
      await sql.raw(statement).execute(database.db);
    const { missing, unknown } = await compareSchema(database);
    const names = (lines: readonly string[]) =>
      lines.map((line) => line.split(' ').slice(0, 2).join(' ')).toSorted();
    expect(names(missing)).toEqual([
      'column organizations.name',
      'constraint imports.imports_state_check',
      'index users_email',
      'trigger users_changes',
    ]);
    expect(names(unknown)).toEqual(['column organizations.name', 'column users.hobby']);
  });
});
