import { DrawbridgeError } from '@drawbridge/kit';
import { type Actions, type CallOptions, hasId } from '@drawbridge/zitadel';
import { planExecutions } from './plan.ts';

/** Whose target is to go. */
export interface RemoveEventExecutionsOptions {
  /** Of a Zitadel client whose service account may write targets and executions (IAM_OWNER). */
  readonly actions: Pick<Actions, 'listTargets' | 'listExecutions' | 'setExecution' | 'removeTarget'>;
  /** The name that {@link EventExecutionsOptions.name} gave it. */
  readonly name: string;
}

/** What was taken away. */
export interface RemovedExecutions {
  /** Id of the target; absent where there was none. */
  readonly targetId?: string;
  /** Exact event types whose execution no longer calls it. */
  readonly eventTypes: readonly string[];
}

/** What SetExecution says of an event type that it no longer knows (internal/command/action_v2_execution.go). */
const unknownEventId = 'COMMAND-74aaqj8fv9';

/**
 * Takes out of an instance what {@link createEventExecutions} made there: its target, and that from every execution. Targets of others
 * stay in theirs; an execution that called nobody else goes. Repeating it does nothing.
 *
 * @throws {DrawbridgeError} `conflict` where several targets have the name: somebody has to look; else what calls to Zitadel throw
 * @example
 * ```ts
 * import { removeEventExecutions } from '@drawbridge/events';
 * import { createZitadel, serviceAccountFile } from '@drawbridge/zitadel';
 *
 * const zitadel = createZitadel({
 *   issuer: 'https://sso.acme.example',
 *   credentials: serviceAccountFile('/etc/drawbridge/key.json'),
 * });
 * const { eventTypes } = await removeEventExecutions({ actions: zitadel.actions, name: 'drawbridge-events' });
 * console.log(eventTypes);
 * ```
 */
export async function removeEventExecutions(
  { actions, name }: RemoveEventExecutionsOptions,
  call: CallOptions = {},
): Promise<RemovedExecutions> {
  const targets = await actions.listTargets({ name }, call).all();
  const filters = [{ executionTypeFilter: { executionType: 'EXECUTION_TYPE_EVENT' } }] as const;
  const executions = await actions.listExecutions({ filters }, call).all();
  const plan = planExecutions({ name, endpoint: '', timeoutMs: 0 }, [], targets, executions);
  if (plan.namesakes.length > 0)
    throw new DrawbridgeError('conflict', {
      message: `Zitadel has ${plan.namesakes.length + 1} targets named ${name}.`,
      fix: 'See which of them is used, and remove the others in Zitadel.',
    });
  if (plan.targetId === undefined) return { eventTypes: [] };
  // Executions first: one that ended half-way is found again by its target.
  for (const { eventType, others } of plan.executions) {
    try {
      await actions.setExecution({ event: { event: eventType } }, others, call);
    } catch (error) {
      if (!hasId(error, unknownEventId)) throw error;
    }
  }
  await actions.removeTarget(plan.targetId, call);
  return { targetId: plan.targetId, eventTypes: plan.executions.map(({ eventType }) => eventType) };
}
