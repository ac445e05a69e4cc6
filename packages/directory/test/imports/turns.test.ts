import { silentLogger, systemClock } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportParts } from '../../src/imports/decide.ts';
import { getImport, ImportWorker, startImport, stopImport, uploadImport } from '../../src/imports/index.ts';
import { databases } from '../support/databases.ts';
import { openSagaWorld, type SagaWorld } from '../support/saga-world.ts';

describe.each(databases)('turns of an import worker on $name', (kind) => {
  let saga: SagaWorld;
  beforeAll(async () => {
    saga = await openSagaWorld(kind);
  });
  afterAll(() => saga.close());

  const started = async (parts: ImportParts, names: readonly string[]): Promise<string> => {
    async function* file() {
      yield Buffer.from('email,given_name,family_name,role\n');
      for (const name of names) yield Buffer.from(`${name}@turns.example,G,F,user\n`);
    }
    const id = await uploadImport(parts, {
      organizationId: saga.organizations.get('north') ?? '',
      fileName: 'people.csv',
      file: file(),
      givable: new Set(['user']),
      actor: 'root',
    });
    await startImport(parts, id, { skipRefused: false, actor: 'root' });
    return id;
  };

  it('two jobs of one process: the second does not end an import in which the first still starts rows', async () => {
    const parts = { ...saga.requests, jobs: { send: async () => undefined } };
    const id = await started(parts, ['a', 'b', 'c']);
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const worker = new ImportWorker({
      ...parts,
      clock: systemClock,
      logger: silentLogger,
      async pause() {
        begun.resolve();
        await goOn.promise;
      },
    });
    const first = worker.work(id);
    await begun.promise;
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

  it('a worker that stops passes an import on once: its own job came back to it, again and again, and nothing else ran', async () => {
    const sent: string[] = [];
    const parts = {
      ...saga.requests,
      jobs: { send: async (_trx: unknown, queue: string) => void sent.push(queue) },
    };
    const id = await started(parts, ['d']);
    sent.length = 0;
    const worker: ImportWorker = new ImportWorker({
      ...parts,
      clock: systemClock,
      logger: silentLogger,
      pause: async () => worker.stop(),
    });
    await worker.work(id);
    expect(sent).toEqual(['import']);
    await worker.work(id);
    expect(sent).toEqual(['import']);
  });
});
