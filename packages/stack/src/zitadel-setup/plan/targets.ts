import { targetsOfEvent } from '@drawbridge/events';
import { DrawbridgeError, validators } from '@drawbridge/kit';
import { type Condition, type FoundExecution, hasId, type NewTarget } from '@drawbridge/zitadel';
import type { SetupField } from '../fields.ts';
import { keyOf, targetName } from '../names.ts';
import type { WishedTarget } from '../wish/index.ts';
import { compare, type Planning, type Run } from './planning.ts';

/** What SetExecution says of an event type that it does not know (internal/command/action_v2_execution.go). */
const unknownEventId = 'COMMAND-74aaqj8fv9';

/**
 * What one target needs: itself, and its place in the executions of what it is called for. Zitadel runs only the most specific
 * execution, so the targets of others stay in each, and those that a new one would silence are taken into it.
 */
export function planTarget(planning: Planning, name: string, wished: WishedTarget): void {
  const { wish, reading, ledger, now, present } = planning;
  const { executions } = reading;
  const key = keyOf.target(name);
  const entry = ledger.get(key);
  const found = reading.targets.get(name);
  const unknown = entry?.unknown ?? [];
  const target: NewTarget = {
    name: targetName(wish.owner, name),
    endpoint: wished.endpoint,
    kind: wished.kind,
    interruptOnError: wished.interruptOnError,
    timeoutMs: lengthOf(wished.timeout),
  };
  const wanted = {
    endpoint: target.endpoint,
    kind: target.kind,
    interruptOnError: target.interruptOnError,
    timeoutMs: target.timeoutMs,
    events: [...new Set(wished.events)].filter((type) => !unknown.includes(type)),
    functions: [...new Set(wished.functions)],
  };
  const standing = compare(planning, {
    key,
    title: `target ${name}`,
    found: found && {
      id: found.id,
      fields: {
        ...found,
        events: calledFor(found.id, executions, ({ event }) => event?.event),
        functions: calledFor(found.id, executions, (condition) => condition.function?.name),
      },
    },
    wanted,
    intent: { since: now.toISOString() },
    async create(run) {
      // Not yet as wished, so that a run that ends half-way is finished by the next; and Zitadel calls no target before one change.
      const first = { ...target, timeoutMs: target.timeoutMs - 1 };
      const { id } = await permitted(target, () => run.zitadel.actions.createTarget(first, run.call));
      await run.ledger.write({ [key]: { id } }, run.call);
      await register(run, key, id, executions, wanted);
      await run.zitadel.actions.updateTarget(id, target, run.call);
    },
    async update(run, fields: readonly SetupField[]) {
      if (!found) return;
      await register(run, key, found.id, executions, wanted);
      const isOwn = fields.some(({ field }) => field !== 'events' && field !== 'functions');
      if (isOwn) await permitted(target, () => run.zitadel.actions.updateTarget(found.id, target, run.call));
    },
  });
  if (standing === 'ours' && found) present.targets.set(name, found.id);
}

/** Zitadel's refusal of an address, at a create and at an update (internal/execution/target). */
const deniedIds = ['COMMAND-NcJUKo', 'COMMAND-jKbbu2'] as const;

async function permitted<T>({ endpoint }: NewTarget, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (!hasId(cause, ...deniedIds)) throw cause;
    throw new DrawbridgeError('target_denied', {
      message: `Zitadel refuses to call ${endpoint}.`,
      why: 'The name does not resolve where Zitadel runs, or its address is on the deny list, as private ones are in later releases.',
      cause,
    });
  }
}

interface CalledFor {
  readonly events: readonly string[];
  readonly functions: readonly string[];
}

/** Puts a target into the executions of what it is called for, and takes it out of the others. The list is kept as they are then. */
export async function register(
  { zitadel, ledger, call }: Run,
  key: string,
  id: string,
  executions: FoundExecution[],
  { events, functions }: CalledFor,
): Promise<void> {
  const unknown: string[] = [];
  const set = async (condition: Condition, targets: readonly string[]) => {
    try {
      await zitadel.actions.setExecution(condition, targets, call);
      const at = executions.findIndex((one) => isSame(one.condition, condition));
      executions.splice(at < 0 ? executions.length : at, at < 0 ? 0 : 1, {
        condition,
        targets: [...targets],
      });
    } catch (error) {
      if (!hasId(error, unknownEventId)) throw error;
      unknown.push(condition.event?.event ?? '');
    }
  };
  const has = (condition: Condition) => executionOf(executions, condition)?.targets?.includes(id) ?? false;
  for (const event of events) {
    const condition = { event: { event } };
    if (!has(condition)) await set(condition, [...targetsOfEvent(event, executions), id]);
  }
  for (const name of functions) {
    const condition = { function: { name } };
    if (!has(condition)) await set(condition, [...(executionOf(executions, condition)?.targets ?? []), id]);
  }
  for (const { condition, targets = [] } of [...executions]) {
    const event = condition.event?.event;
    const name = condition.function?.name;
    const isDropped =
      (event !== undefined && !events.includes(event)) || (name !== undefined && !functions.includes(name));
    if (isDropped && targets.includes(id)) {
      const others = targets.filter((one) => one !== id);
      await set(condition, others);
    }
  }
  if (unknown.length > 0) await ledger.write({ [key]: { ...ledger.get(key), unknown } }, call);
}

function executionOf(executions: readonly FoundExecution[], wanted: Condition): FoundExecution | undefined {
  return executions.find(({ condition }) => isSame(condition, wanted));
}

function isSame(condition: Condition, wanted: Condition): boolean {
  return (
    (wanted.event !== undefined && condition.event?.event === wanted.event.event) ||
    (wanted.function !== undefined && condition.function?.name === wanted.function.name)
  );
}

function calledFor(
  id: string,
  executions: readonly FoundExecution[],
  nameOf: (condition: Condition) => string | undefined,
): readonly string[] {
  return executions.flatMap(({ condition, targets = [] }) =>
    targets.includes(id) ? (nameOf(condition) ?? []) : [],
  );
}

/** A checked length of time, in milliseconds. */
export function lengthOf(text: string): number {
  const read = validators.duration()(text);
  return 'value' in read ? read.value : Number.NaN;
}
