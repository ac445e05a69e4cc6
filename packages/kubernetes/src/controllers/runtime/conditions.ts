import type { Condition } from '../../milo/index.ts';

/** A condition without what is found out by comparing. */
export type NewCondition = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

const longestMessage = 1_024;

/**
 * Puts conditions of ours into words that the server takes: a time of transition changes with the status alone.
 *
 * @param present all that the object has; conditions of others in it are not ours to repeat
 */
export function withTransitions(
  wanted: readonly NewCondition[],
  present: readonly Condition[] | undefined,
  { generation, now }: { readonly generation: number | undefined; readonly now: number },
): readonly Condition[] {
  return wanted.map((condition) => {
    const former = present?.find(({ type }) => type === condition.type);
    return {
      ...condition,
      message: cut(condition.message),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      lastTransitionTime:
        former?.status === condition.status
          ? former.lastTransitionTime
          : new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    };
  });
}

/** Whether an object has these conditions already. */
export function hasConditions(
  present: readonly Condition[] | undefined,
  wanted: readonly Condition[],
): boolean {
  return wanted.every((one) => {
    const there = present?.find(({ type }) => type === one.type);
    return (
      there !== undefined &&
      there.status === one.status &&
      there.reason === one.reason &&
      there.message === one.message &&
      there.observedGeneration === one.observedGeneration
    );
  });
}

/** Whether a condition is true. */
export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
}

function cut(message: string): string {
  return message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message;
}
