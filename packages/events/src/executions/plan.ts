import type { FoundExecution, FoundTarget } from '@drawbridge/zitadel';

/** The target as it should be. */
export interface WantedTarget {
  readonly name: string;
  readonly endpoint: string;
  readonly timeoutMs: number;
}

/** One execution that is not as it should be. */
export interface ExecutionChange {
  /** Exact event type. */
  readonly eventType: string;
  readonly change: 'added' | 'removed';
  /** Ids of the targets of others that stay in it, in their order. */
  readonly others: readonly string[];
}

/** What differs between Zitadel and what is wanted. */
export interface ExecutionPlan {
  /** What has to be done to the target. */
  readonly target: 'create' | 'update' | 'none';
  /** Id of the target, where there is one. */
  readonly targetId: string | undefined;
  readonly executions: readonly ExecutionChange[];
  /** Ids of further targets with our name. They are left alone: somebody has to look. */
  readonly namesakes: readonly string[];
}

/** Compares. Nothing that is not ours appears as something to remove. */
export function planExecutions(
  wanted: WantedTarget,
  eventTypes: readonly string[],
  targets: readonly FoundTarget[],
  executions: readonly FoundExecution[],
): ExecutionPlan {
  const [target, ...namesakes] = targets.filter(({ name }) => name === wanted.name);
  const ours = target?.id;
  const exact = new Map(
    executions.flatMap(({ condition, targets: called = [] }) =>
      condition.event?.event ? [[condition.event.event, called] as const] : [],
    ),
  );
  const added = eventTypes
    .filter((type) => ours === undefined || !exact.get(type)?.includes(ours))
    .map((type): ExecutionChange => {
      const others = targetsOfEvent(type, executions);
      return { eventType: type, change: 'added', others };
    });
  const removed = [...exact]
    .filter(([type, called]) => ours !== undefined && called.includes(ours) && !eventTypes.includes(type))
    .map(([type, called]): ExecutionChange => {
      return { eventType: type, change: 'removed', others: called.filter((id) => id !== ours) };
    });
  return {
    target: !target ? 'create' : isAsWanted(target, wanted) ? 'none' : 'update',
    targetId: ours,
    executions: [...added, ...removed],
    namesakes: namesakes.map(({ id }) => id),
  };
}

function isAsWanted(target: FoundTarget, wanted: WantedTarget): boolean {
  return (
    target.endpoint === wanted.endpoint &&
    target.timeoutMs === wanted.timeoutMs &&
    target.kind === 'webhook' &&
    !target.interruptOnError &&
    target.payload === 'json'
  );
}

/**
 * Ids of the targets that Zitadel calls for an event as executions stand, in their order. Those are the targets that an exact
 * execution has to name, or would silence: Zitadel runs the most specific execution alone, so those of the
 * longest group that takes the event, or else of all events, have to be named in the new one too. A group is a prefix of
 * the text, not of its parts.
 */
export function targetsOfEvent(type: string, executions: readonly FoundExecution[]): readonly string[] {
  const exact = executions.find(({ condition }) => condition.event?.event === type);
  if (exact) return exact.targets ?? [];
  const groups = executions
    .flatMap(({ condition, targets = [] }) => {
      const group = condition.event?.group?.replace(/\.\*$/, '');
      return group && type.startsWith(group) ? [{ group, targets }] : [];
    })
    .sort((a, b) => b.group.length - a.group.length);
  const all = executions.find(({ condition }) => condition.event?.all);
  return groups[0]?.targets ?? all?.targets ?? [];
}
