import type { Directory } from '@drawbridge/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultImportLimits, readCsv } from '../../src/imports/csv.ts';
import { uploadImport } from '../../src/imports/index.ts';
import { databases } from '../support/databases.ts';
import { openDirectoryOn, openWorld, type World } from '../support/world.ts';

const rows = 10_000;

/** A file that is made while it is read, and counts how far that is. */
function endlessFile() {
  const state = { made: 0 };
  async function* file(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('email,given_name,family_name,role\n');
    for (; state.made < rows; state.made++) yield Buffer.from(`p${state.made}@north.example,P,Q,user\n`);
  }
  return { state, file };
}

it('a file is read no further than it is needed', async () => {
  const { state, file } = endlessFile();
  let ahead = 0;
  let taken = -1;
  for await (const _record of readCsv(file(), defaultImportLimits)) {
    taken++;
    ahead = Math.max(ahead, state.made - taken);
  }
  expect(taken).toBe(rows);
  // What lies in the buffers of the streams between, whatever the size of the file.
  expect(ahead).toBeLessThan(3_000);
});

describe.each(databases)('an import of 10,000 rows on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    world = await openWorld();
    const { location, close } = await kind.location();
    drop = close;
    directory = await openDirectoryOn(world, location);
  });
  afterAll(async () => {
    await directory.stop();
    await world.close();
    await drop();
  });

  it('is checked and written in batches, while the file still arrives', async () => {
    const { database } = directory;
    const { state, file } = endlessFile();
    const { id: organizationId } = await database.db
      .selectFrom('organizations')
      .select('id')
      .where('slug', '=', 'north')
      .executeTakeFirstOrThrow();
    let unwritten = 0;
    const watched = async function* () {
      for await (const chunk of file()) {
        if (state.made > 0 && state.made % 2_500 === 0) {
          const { count } = await database.db
            .selectFrom('import_rows')
            .select(({ fn }) => fn.countAll<string>().as('count'))
            .executeTakeFirstOrThrow();
          unwritten = Math.max(unwritten, state.made - Number(count));
        }
        yield chunk;
      }
    };
    const engine = { clock: { now: () => Date.now() }, now: () => new Date() } as never;
    const id = await uploadImport(
      { database, engine },
      {
        organizationId,
        fileName: 'people.csv',
        file: watched(),
        givable: new Set(['admin', 'manager', 'user']),
        actor: 'root',
      },
    );
    const counted = await database.db
      .selectFrom('import_rows')
      .select(['plan', ({ fn }) => fn.countAll<string>().as('count')])
      .where('import_id', '=', id)
      .groupBy('plan')
      .execute();
    expect(counted.map(({ plan, count }) => [plan, Number(count)])).toEqual([['create', rows]]);
    expect(unwritten).toBeGreaterThan(0);
    expect(unwritten).toBeLessThan(4_000);
  });
});
