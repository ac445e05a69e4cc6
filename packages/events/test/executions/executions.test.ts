import { createEventExecutions, removeEventExecutions } from '@drawbridge/events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OpenZitadel, openBridge, openZitadel } from '../support/bridge.ts';
import { type DatabaseKind, databases, type TestDatabase } from '../support/databases.ts';
import { noting } from '../support/events.ts';

const endpoint = 'https://bridge.acme.example/webhooks/zitadel/events';
const wanted = ['user.deactivated', 'user.reactivated'];

describe('executions', () => {
  let world: OpenZitadel;
  beforeAll(async () => {
    world = await openZitadel();
  });
  afterEach(async () => {
    const { actions } = world.zitadel;
    for (const { condition } of await actions.listExecutions().all())
      await actions.setExecution(condition, []);
    for (const { id } of await actions.listTargets().all()) await actions.removeTarget(id);
  });
  afterAll(() => world.close());

  const make = (changes: { readonly endpoint?: string; readonly eventTypes?: readonly string[] } = {}) =>
    createEventExecutions({
      actions: world.zitadel.actions,
      endpoint,
      eventTypes: wanted,
      ...changes,
    });

  const foreignTarget = async (name = 'foreign') =>
    (
      await world.zitadel.actions.createTarget({
        name,
        endpoint: 'https://elsewhere.example/hook',
        kind: 'async',
        timeoutMs: 1_000,
      })
    ).id;

  const targetsOf = async (eventType: string) => {
    const all = await world.zitadel.actions.listExecutions().all();
    return all.find(({ condition }) => condition.event?.event === eventType)?.targets ?? [];
  };

  it('are removed with the target, and those of others stay as they are', async () => {
    const { actions } = world.zitadel;
    const foreign = await foreignTarget();
    await actions.setExecution({ event: { event: 'user.deactivated' } }, [foreign]);
    await actions.setExecution({ event: { event: 'user.locked' } }, [foreign]);
    const { targetId } = await make().ensure();
    const removed = await removeEventExecutions({ actions, name: 'drawbridge-events' });
    expect(removed).toEqual({ targetId, eventTypes: expect.arrayContaining(wanted) });
    expect((await actions.listTargets().all()).map(({ id }) => id)).toEqual([foreign]);
    const left = await actions.listExecutions().all();
    expect(left.map(({ condition, targets }) => [condition.event?.event, targets]).toSorted()).toEqual([
      ['user.deactivated', [foreign]],
      ['user.locked', [foreign]],
    ]);
    const again = await removeEventExecutions({ actions, name: 'drawbridge-events' });
    expect(again).toEqual({ eventTypes: [] });
  });

  it('are not removed where two targets have the name', async () => {
    const { actions } = world.zitadel;
    await make().ensure();
    await foreignTarget('drawbridge-events');
    const removing = removeEventExecutions({ actions, name: 'drawbridge-events' });
    await expect(removing).rejects.toMatchObject({ code: 'conflict' });
    expect(await actions.listTargets().all()).toHaveLength(2);
  });

  it('makes one execution for each exact event, and does nothing when repeated', async () => {
    const executions = make();
    expect(await executions.plan()).toMatchObject({ target: 'create', targetId: undefined });
    const { targetId, unknownTypes } = await executions.ensure();
    expect(unknownTypes).toEqual([]);
    for (const type of [...wanted, 'target.changed']) expect(await targetsOf(type)).toEqual([targetId]);
    expect(await world.zitadel.actions.getTarget(targetId)).toMatchObject({
      name: 'drawbridge-events',
      endpoint,
      kind: 'webhook',
      interruptOnError: false,
      timeoutMs: 5_000,
    });
    const before = world.emulator.events.length;
    expect(await executions.ensure()).toMatchObject({ target: 'none', targetId, executions: [] });
    expect(world.emulator.events.length).toBe(before);
  });

  it('changes what differs and drops only its own', async () => {
    const first = await make({ eventTypes: ['user.deactivated', 'user.removed'] }).ensure();
    const foreign = await foreignTarget();
    await world.zitadel.actions.setExecution({ event: { event: 'user.removed' } }, [foreign, first.targetId]);
    const next = make({ endpoint: `${endpoint}/v2` });
    const plan = await next.plan();
    expect(plan).toMatchObject({ target: 'update', namesakes: [] });
    expect(plan.executions).toEqual([
      { eventType: 'user.reactivated', change: 'added', others: [] },
      { eventType: 'user.removed', change: 'removed', others: [foreign] },
    ]);
    await next.ensure();
    expect(await targetsOf('user.removed')).toEqual([foreign]);
    expect(await targetsOf('user.reactivated')).toEqual([first.targetId]);
    expect((await world.zitadel.actions.getTarget(first.targetId)).endpoint).toBe(`${endpoint}/v2`);
  });

  it('keeps targets of others, also those of a group or of a wider one that it would silence', async () => {
    const [exact, group, wide] = [await foreignTarget(), await foreignTarget(), await foreignTarget()];
    const { actions } = world.zitadel;
    await actions.setExecution({ event: { event: 'user.deactivated' } }, [exact]);
    await actions.setExecution({ event: { group: 'user.human' } }, [group]);
    await actions.setExecution({ event: { group: 'user' } }, [wide]);
    const { targetId } = await make({ eventTypes: [...wanted, 'user.human.added'] }).ensure();
    expect(await targetsOf('user.deactivated')).toEqual([exact, targetId]);
    expect(await targetsOf('user.human.added')).toEqual([group, targetId]);
    expect(await targetsOf('user.reactivated')).toEqual([wide, targetId]);
  });

  it('names event types that this Zitadel does not know, and sets the others', async () => {
    const result = await make({ eventTypes: ['user.was.never', ...wanted] }).ensure();
    expect(result.unknownTypes).toEqual(['user.was.never']);
    expect(await targetsOf('user.reactivated')).toEqual([result.targetId]);
  });

  it('finishes what ended half-way, and leaves namesakes alone', async () => {
    const { actions } = world.zitadel;
    const kind = 'webhook';
    const { id } = await actions.createTarget({
      name: 'drawbridge-events',
      endpoint,
      kind,
      timeoutMs: 5_001,
    });
    const other = await foreignTarget('drawbridge-events');
    expect(await make().ensure()).toMatchObject({ target: 'update', targetId: id, namesakes: [other] });
    expect((await actions.getTarget(other)).endpoint).toBe('https://elsewhere.example/hook');
  });

  it('says so where it was never set up', async () => {
    await expect(make().signingKey()).rejects.toMatchObject({ code: 'not_found' });
  });

  describe('with a receiver', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await (databases[0] as DatabaseKind).open();
    });
    afterAll(() => database.close());

    it('S49 proves by a probe that events arrive, also right after a rotation of the key', async () => {
      const bridge = await openBridge(world, database, [noting('status', wanted)]);
      try {
        await bridge.executions.ensure();
        await bridge.executions.probe({ inbox: bridge.inbox });
        const rotated = await bridge.executions.rotateSigningKey();
        expect((await bridge.executions.signingKey()).expose()).toBe(rotated.expose());
        await bridge.executions.probe({ inbox: bridge.inbox });
        expect(await bridge.executions.plan()).toMatchObject({ target: 'none', executions: [] });
      } finally {
        await bridge.close();
      }
    });

    it('says that nothing arrives where nothing does', async () => {
      const executions = make({ endpoint: 'http://127.0.0.1:9/nobody' });
      await executions.ensure();
      const inbox = { onRecorded: () => () => undefined };
      await expect(executions.probe({ inbox, timeoutMs: 50 })).rejects.toMatchObject({
        code: 'events_not_delivered',
      });
    });
  });
});
