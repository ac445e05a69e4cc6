import { type Database, type EngineOptions, type Saga, SagaEngine, type Step } from '@drawbridge/directory';
import { DrawbridgeError, ManualClock } from '@drawbridge/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decide, loadRun, recoverRuns } from '../src/saga/index.ts';
import { databases } from './support/databases.ts';

interface World {
  readonly calls: string[];
  readonly effects: Map<string, number>;
}

/** A step whose call leaves exactly one effect, and whose check sees it. */
function effectStep(name: string, world: World, extra: Partial<Step<object>> = {}): Step<object> {
  return {
    name,
    title: name,
    key: ({ runId }) => `${runId}/${name}`,
    async check({ key }) {
      return world.effects.has(key) ? { outcome: 'done', output: key } : undefined;
    },
    async call({ key }) {
      world.calls.push(name);
      world.effects.set(key, (world.effects.get(key) ?? 0) + 1);
      return { outcome: 'done', output: key, detail: `did ${name}` };
    },
    async compensate(_context, output) {
      world.calls.push(`undo ${name}`);
      world.effects.delete(output as string);
    },
    ...extra,
  };
}

describe.each(databases)('saga engine on $name', ({ open }) => {
  let database: Database;
  let close: () => Promise<void>;
  let clock: ManualClock;
  let world: World;
  let queue: { runId: string; at: number }[];

  const jobs: EngineOptions['jobs'] = {
    async send(_trx, _queue, data, startAfter) {
      if ('runId' in data) queue.push({ runId: data.runId, at: startAfter?.getTime() ?? 0 });
    },
  };
  const engineFor = (saga: Saga<object>, options: Partial<EngineOptions> = {}) =>
    new SagaEngine({ database, jobs, sagas: [saga], clock, random: () => 0.5, ...options });
  const begin = (engine: SagaEngine, saga: Saga<object>) =>
    database.transaction((trx) =>
      engine.start(trx, { saga, organizationId: 'o1', userId: 'u1', input: {}, requestedBy: 'tester' }),
    );
  const read = async (id: string) => {
    const loaded = await loadRun(database, id);
    if (!loaded) throw new Error('no such run');
    return { state: loaded.run.state, run: loaded.run, steps: loaded.steps };
  };

  beforeAll(async () => {
    ({ database, close } = await open());
    const at = new Date();
    await database.db
      .insertInto('system_integrations')
      .values({
        id: 'i1',
        type: 'zitadel',
        name: 'main',
        domain: 'd',
        issuer: 'https://d',
        created_at: at,
        updated_at: at,
      })
      .execute();
    await database.db
      .insertInto('organizations')
      .values({
        id: 'o1',
        slug: 'o1',
        name: 'One',
        integration_id: 'i1',
        project_grant: false,
        netbird_groups: '[]',
        created_at: at,
        updated_at: at,
      })
      .execute();
  });
  afterAll(() => close());
  beforeEach(async () => {
    clock = new ManualClock();
    world = { calls: [], effects: new Map() };
    queue = [];
    await database.db.deleteFrom('provisioning_runs').execute();
  });

  it('runs its steps in order and keeps what each did', async () => {
    const saga = { name: 's', steps: [effectStep('one', world), effectStep('two', world)] };
    const engine = engineFor(saga);
    const id = await begin(engine, saga);
    expect(queue).toEqual([{ runId: id, at: 0 }]);
    await engine.execute(id);
    const { state, run, steps } = await read(id);
    expect(state).toBe('done');
    expect(run.finished_at).not.toBeNull();
    expect(steps.map(({ name, state: step, detail }) => [name, step, detail])).toEqual([
      ['one', 'done', 'did one'],
      ['two', 'done', 'did two'],
    ]);
    await engine.execute(id);
    expect(world.calls).toEqual(['one', 'two']);
  });

  it('S56 writes the idempotency key before the call is made', async () => {
    const seen: unknown[] = [];
    const saga = {
      name: 's',
      steps: [
        effectStep('one', world, {
          async call({ runId, key }) {
            const { steps } = await read(runId);
            seen.push([steps[0]?.state, steps[0]?.idempotency_key === key, steps[0]?.attempts]);
            return { outcome: 'done', output: null };
          },
        }),
      ],
    };
    const engine = engineFor(saga);
    await engine.execute(await begin(engine, saga));
    expect(seen).toEqual([['running', true, 1]]);
  });

  it.each(['one:recorded', 'one:called', 'one:done', 'two:recorded', 'two:called'])(
    'goes on behind %s after a worker died there, doing nothing twice',
    async (point) => {
      const saga = { name: 's', steps: [effectStep('one', world), effectStep('two', world)] };
      const reached = Promise.withResolvers<void>();
      const dead = engineFor(saga, {
        pause: (at) => {
          if (at !== point) return undefined;
          reached.resolve();
          return new Promise<void>(() => undefined);
        },
      });
      const id = await begin(dead, saga);
      void dead.execute(id);
      await reached.promise;
      const heir = engineFor(saga);
      await heir.execute(id);
      expect((await read(id)).run.lease_owner, 'the lease protects the run while it lasts').not.toBeNull();
      clock.advance(61_000);
      await heir.execute(id);
      expect((await read(id)).state).toBe('done');
      expect([...world.effects.values()]).toEqual([1, 1]);
      expect(world.calls).toEqual(['one', 'two']);
    },
  );

  it('is over with the record of its last step, also when the worker dies there', async () => {
    const saga = { name: 's', steps: [effectStep('one', world), effectStep('two', world)] };
    const reached = Promise.withResolvers<void>();
    const dead = engineFor(saga, {
      pause: (at) => {
        if (at !== 'two:done') return undefined;
        reached.resolve();
        return new Promise<void>(() => undefined);
      },
    });
    const id = await begin(dead, saga);
    void dead.execute(id);
    await reached.promise;
    const { run, state } = await read(id);
    expect([state, run.lease_owner, run.finished_at]).toEqual(['done', null, new Date(clock.now())]);
  });

  it('a stalled worker whose run was taken over writes nothing more', async () => {
    const saga = { name: 's', steps: [effectStep('one', world), effectStep('two', world)] };
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const stalled = engineFor(saga, {
      pause: async (at) => {
        if (at !== 'one:called') return;
        reached.resolve();
        await goOn.promise;
      },
    });
    const id = await begin(stalled, saga);
    const late = stalled.execute(id);
    await reached.promise;
    clock.advance(61_000);
    await engineFor(saga).execute(id);
    const before = await read(id);
    goOn.resolve();
    await late;
    expect(await read(id)).toEqual(before);
    expect(world.calls).toEqual(['one', 'two']);
  });

  it('waits longer after each transient failure and asks for a person after the last', async () => {
    const saga = {
      name: 's',
      steps: [
        effectStep('one', world, {
          async call() {
            throw new DrawbridgeError('unreachable', { message: 'Zitadel cannot be reached.' });
          },
        }),
      ],
    };
    const engine = engineFor(saga, { attempts: 3, patienceMs: 0 });
    const id = await begin(engine, saga);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      await engine.execute(id);
      const [step] = (await read(id)).steps;
      if (step?.next_try_at) {
        waits.push(step.next_try_at.getTime() - clock.now());
        expect(queue.at(-1)).toEqual({ runId: id, at: step.next_try_at.getTime() });
        clock.advance(waits.at(-1) ?? 0);
      }
    }
    expect(waits).toEqual([500, 1_000]);
    const { state, run } = await read(id);
    expect([state, run.reason_code]).toEqual(['attention', 'unreachable']);
    expect(run.reason).toContain('cannot be reached');
  });

  it('puts off a job that comes too early instead of dropping it', async () => {
    const saga = {
      name: 's',
      steps: [
        effectStep('one', world, {
          call: async () => ({ outcome: 'waiting', detail: 'not yet', retryMs: 5_000 }),
        }),
      ],
    };
    const engine = engineFor(saga);
    const id = await begin(engine, saga);
    await engine.execute(id);
    await engine.execute(id);
    expect(queue).toHaveLength(3);
    expect(queue[2]).toEqual(queue[1]);
    expect((await read(id)).steps[0]?.attempts).toBe(1);
  });

  it('finishes without a late step and says that it waits', async () => {
    const saga = {
      name: 's',
      steps: [
        effectStep('one', world, { call: async () => ({ outcome: 'late', detail: 'first sign-in' }) }),
        effectStep('two', world),
      ],
    };
    const engine = engineFor(saga);
    const id = await begin(engine, saga);
    await engine.execute(id);
    const { state, steps } = await read(id);
    expect([state, ...steps.map((step) => step.state)]).toEqual(['waiting', 'late', 'done']);
  });

  it('stops at what is not what was asked for, and goes on there when a person says so', async () => {
    let strange = true;
    const saga = {
      name: 's',
      steps: [
        effectStep('one', world),
        effectStep('two', world, {
          check: async () => undefined,
          async call() {
            return strange
              ? { outcome: 'quarantined', code: 'user_foreign', reason: 'a stranger' }
              : { outcome: 'done', output: 'x' };
          },
        }),
      ],
    };
    const engine = engineFor(saga);
    const id = await begin(engine, saga);
    await engine.execute(id);
    expect((await read(id)).state).toBe('quarantined');
    await engine.execute(id);
    expect((await read(id)).steps[1]?.attempts, 'nothing is tried while a person has to look').toBe(1);
    strange = false;
    await database.transaction((trx) =>
      decide(trx, jobs, clock, id, { decision: 'resume', by: 'root', reason: 'test' }),
    );
    await engine.execute(id);
    expect((await read(id)).state).toBe('done');
    expect(world.calls).toEqual(['one']);
  });

  it('takes back what was done, last first, also what was called but not recorded', async () => {
    const saga = {
      name: 's',
      steps: [
        effectStep('one', world),
        effectStep('two', world, {
          async call({ key }) {
            world.effects.set(key, 1);
            throw new DrawbridgeError('forbidden');
          },
        }),
        effectStep('three', world),
      ],
    };
    const engine = engineFor(saga);
    const id = await begin(engine, saga);
    await engine.execute(id);
    expect((await read(id)).state).toBe('attention');
    await database.transaction((trx) =>
      decide(trx, jobs, clock, id, { decision: 'compensate', by: 'root', reason: 'test' }),
    );
    await engine.execute(id);
    const { state, steps } = await read(id);
    expect([state, ...steps.map((step) => step.state)]).toEqual([
      'compensated',
      'compensated',
      'compensated',
      'pending',
    ]);
    expect(world.calls).toEqual(['one', 'undo two', 'undo one']);
    expect(world.effects.size).toBe(0);
  });

  it('refuses decisions about a run that needs none', async () => {
    const saga = { name: 's', steps: [effectStep('one', world)] };
    const engine = engineFor(saga);
    const id = await begin(engine, saga);
    await engine.execute(id);
    await expect(
      database.transaction((trx) =>
        decide(trx, jobs, clock, id, { decision: 'compensate', by: 'root', reason: 'test' }),
      ),
    ).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      database.transaction((trx) =>
        decide(trx, jobs, clock, 'none', { decision: 'abandon', by: 'root', reason: 'test' }),
      ),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gives a forgotten run a new job, but not one that is held or waits for its next try', async () => {
    const saga = { name: 's', steps: [effectStep('one', world)] };
    const engine = engineFor(saga);
    const forgotten = await begin(engine, saga);
    queue = [];
    expect(await recoverRuns({ database, jobs, clock })).toBe(0);
    clock.advance(60_000);
    const fresh = await begin(engine, saga);
    queue = [];
    expect(await recoverRuns({ database, jobs, clock })).toBe(1);
    expect(queue.map(({ runId }) => runId)).toEqual([forgotten]);
    expect(await recoverRuns({ database, jobs, clock, alone: true })).toBe(2);
    expect(queue.map(({ runId }) => runId)).toContain(fresh);
  });

  it('ends in the same state whatever dies where, with every effect exactly once', {
    timeout: 120_000,
  }, async () => {
    const points = [
      'run:taken',
      'one:recorded',
      'one:called',
      'one:done',
      'two:recorded',
      'two:called',
      'two:done',
      'three:called',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...points), { maxLength: 6 }), async (deaths) => {
        world = { calls: [], effects: new Map() };
        const saga = { name: 's', steps: ['one', 'two', 'three'].map((name) => effectStep(name, world)) };
        const id = await begin(engineFor(saga), saga);
        for (const point of deaths) {
          const died = Promise.withResolvers<void>();
          const engine = engineFor(saga, {
            pause: (at) => {
              if (at !== point) return undefined;
              died.resolve();
              return new Promise<void>(() => undefined);
            },
          });
          await Promise.race([engine.execute(id), died.promise]);
          clock.advance(61_000);
        }
        await engineFor(saga).execute(id);
        expect((await read(id)).state).toBe('done');
        expect([...world.effects.values()]).toEqual([1, 1, 1]);
      }),
      { numRuns: 30 },
    );
  });
});

it('refuses to query outside the transaction while in one, where PGlite would wait for itself', async () => {
  const [kind] = databases;
  if (!kind) throw new Error('no database');
  const { database, close } = await kind.open();
  try {
    await expect(database.transaction(async () => await database.ping())).rejects.toThrow(
      'inside a transaction',
    );
  } finally {
    await close();
  }
});
