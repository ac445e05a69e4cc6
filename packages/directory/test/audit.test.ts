import { type Database, recordAudit, sealAudit, verifyAudit } from '@drawbridge/directory';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';

describe.each(databases)('audit on $name', ({ open }) => {
  let database: Database;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ database, close } = await open());
  });
  afterAll(() => close());
  beforeEach(async () => {
    await database.db.deleteFrom('audit').execute();
  });

  const add = (
    organizationId: string | undefined,
    action: string,
    to: unknown = { b: 1, a: { d: 2, c: [3, { f: 4, e: 5 }] } },
  ) =>
    database.transaction((trx) =>
      recordAudit(trx, {
        ...(organizationId === undefined ? {} : { organizationId }),
        actor: 'ben',
        action,
        objectType: 'user',
        objectId: 'u1',
        to,
        personal: { email: 'ada@north.example' },
        at: new Date('2026-01-02T03:04:05.678Z'),
      }),
    );

  it('seals each organization in a chain of its own and verifies it', async () => {
    for (let count = 0; count < 3; count++) await add('north', `a${count}`);
    await add('south', 'b');
    await add(undefined, 'site');
    expect(await verifyAudit(database, 'north')).toEqual({ checked: 0, unsealed: 3 });
    expect(await sealAudit(database)).toBe(5);
    expect(await sealAudit(database)).toBe(0);
    await add('north', 'later');
    await sealAudit(database);
    expect(await verifyAudit(database, 'north')).toEqual({ checked: 4, unsealed: 0 });
    expect(await verifyAudit(database, null)).toEqual({ checked: 1, unsealed: 0 });
  });

  it.each([
    [
      'changed',
      (sequence: string) =>
        database.db.updateTable('audit').set({ actor: 'eve' }).where('sequence', '=', sequence).execute(),
    ],
    [
      'removed',
      (sequence: string) => database.db.deleteFrom('audit').where('sequence', '=', sequence).execute(),
    ],
  ])('finds an entry that was %s', async (_how, tamper) => {
    for (let count = 0; count < 4; count++) await add('north', `a${count}`);
    await sealAudit(database);
    const rows = await database.db.selectFrom('audit').select('sequence').orderBy('sequence').execute();
    await tamper(rows[1]?.sequence ?? '');
    const found = await verifyAudit(database, 'north');
    expect(found.checked).toBe(1);
    expect([rows[1]?.sequence, rows[2]?.sequence]).toContain(found.brokenAt);
  });

  it('stays whole when a person is erased', async () => {
    await add('north', 'a');
    await sealAudit(database);
    await database.db.updateTable('audit').set({ personal: null }).execute();
    expect(await verifyAudit(database, 'north')).toEqual({ checked: 1, unsealed: 0 });
  });

  it('two sealers at once make one chain', async () => {
    for (let count = 0; count < 20; count++) await add('north', `a${count}`);
    const sealed = await Promise.all([sealAudit(database), sealAudit(database)]);
    expect(sealed[0] + sealed[1]).toBe(20);
    expect(await verifyAudit(database, 'north')).toEqual({ checked: 20, unsealed: 0 });
  });
});
