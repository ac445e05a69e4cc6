import { silentLogger, systemClock } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getImport, ImportWorker, startImport, stopImport, uploadImport } from '../../src/imports/index.ts';
import { databases } from '../support/databases.ts';
import { openSagaWorld, type SagaWorld } from '../support/saga-world.ts';

describe.each(databases)('turns of an import worker on $name', (kind) => {
  let saga: SagaWorld;
  beforeAll(async () => {
    saga = await openSagaWorld(kind);
  });
  afterAll(() => saga.close());

  it('two jobs of one process: the second does not end an import in which the first still starts rows', async () => {
    const parts = { ...saga.requests, jobs: { send: async () => undefined } };
    async function* file() {
      yield Buffer.from('email,given_name,family_name,role\n');
      for (const name of ['a', 'b', 'c']) yield Buffer.from(`${name}@turns.example,G,F,user\n`);
    }
    const id = await uploadImport(parts, {
      organizationId: saga.organizations.get('north') as string,
      fileName: 'people.csv',
      file: file(),
      givable: new Set(['user']),
      actor: 'root',
    });
    await startImport(parts, id, { skipRefused: false, actor: 'root' });
    const started = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const worker = new ImportWorker({
      ...parts,
      clock: systemClock,
      logger: silentLogger,
      async pause() {
        started.resolve();
        await goOn.promise;
      },
    });
    const first = worker.work(id);
    await started.promise;
    const run = await saga.database.db
      .selectFrom('provisioning_runs')
      .select('id')
      .where('batch_id', '=', id)
      .executeTakeFirstOrThrow();
    await saga.takeOver(run.id);
    await stopImport(parts, id, { actor: 'root' });

    await worker.work(id);
    expect((await getImport(saga.database, id))?.entry.state).toBe('stopping');

    goOn.resolve();
    await first;
    expect(await getImport(saga.database, id)).toMatchObject({
      entry: { state: 'stopped' },
      outcome: { waiting: 1, running: 0, open: 2 },
    });
  });
});
