import { compareSchema, type Database } from '@drawbridge/directory';
import type { DrawbridgeError } from '@drawbridge/kit';
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

  it('that a newer version has migrated is refused, with what is there and what this version knows', async () => {
    const database = await opened();
    const at = new Date().toISOString();
    await sql`insert into kysely_migration (name, timestamp)
      values ('9999_newer', ${at}), ('events_9999_newer', ${at})`.execute(database.db);
    const refused = await database.migrate().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'schema_newer', saw: '9999_newer, events_9999_newer' });
    expect(String((refused as DrawbridgeError).why)).toMatch(
      /knows up to 0\d{3}_\w+ and up to events_0\d{3}_\w+\.$/,
    );
    // The lock of migrations is let go: once the backup is back, the same process starts.
    await sql`delete from kysely_migration where name like '%9999%'`.execute(database.db);
    await database.migrate();
    expect(await compareSchema(database)).toEqual({ missing: [], unknown: [] });
  });

  it('a migration that fails by itself says so as it is, not as a newer version', async () => {
    const database = await opened();
    // Taken for not yet run, its table is there already.
    await sql`delete from kysely_migration where name like '0001%'`.execute(database.db);
    await expect(database.migrate()).rejects.toThrow(/already exists/);
  });
});
