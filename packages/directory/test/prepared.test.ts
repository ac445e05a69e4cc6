import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { prepareWrites } from '../src/database/prepared.ts';
import { databases } from './support/databases.ts';

describe('prepared writes', () => {
  const watched = () => {
    const seen: unknown[] = [];
    const client = { query: (given: unknown) => void seen.push(given) } as never as Parameters<
      typeof prepareWrites
    >[0];
    prepareWrites(client);
    return { seen, client };
  };

  it('have one name a text; reads and what returns whole rows have none', () => {
    const { seen, client } = watched();
    const texts = [
      'update "users" set "email" = $1',
      'select * from "users" where "id" = $1',
      'update "users" set "email" = $1',
      'update "users" set "email" = $1 returning *',
      'insert into "users" values ($1)',
    ];
    for (const text of texts) void client.query(text, ['a']);
    expect(seen).toEqual([
      { name: 'w0', text: texts[0], values: ['a'] },
      texts[1],
      { name: 'w0', text: texts[0], values: ['a'] },
      texts[3],
      { name: 'w1', text: texts[4], values: ['a'] },
    ]);
  });

  it('are as many as a connection may keep', () => {
    const { seen, client } = watched();
    for (let n = 0; n < 300; n += 1)
      void client.query(`update "users" set "email" = $1 where ${n} = ${n}`, [n]);
    expect(seen.filter((one) => typeof one === 'object')).toHaveLength(200);
  });
});

it.each(databases)(
  'a column that a newer version adds stops no worker of an older one, on $name',
  async (kind) => {
    const { database, close } = await kind.open();
    try {
      const write = async () => {
        await database.db
          .insertInto('settings')
          .values({ key: 'test', value: '1', updated_at: new Date(), updated_by: 'test' })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: '2' }))
          .returning('key')
          .execute();
      };
      for (let times = 0; times < 8; times += 1) await write();
      await sql`alter table settings add column newer text`.execute(database.db);
      await write();
      expect((await sql`select newer from settings where key = 'test'`.execute(database.db)).rows).toEqual([
        { newer: null },
      ]);
    } finally {
      await close();
    }
  },
);
