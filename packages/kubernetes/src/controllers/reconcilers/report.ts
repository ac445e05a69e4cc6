import { type CallOptions, type Clock, DrawbridgeError } from '@drawbridge/kit';
import type { KubeObject, ObjectClient, Stored } from '../../cluster/index.ts';
import type { Condition } from '../../milo/index.ts';
import { hasConditions, type NewCondition, withTransitions } from '../runtime/index.ts';

interface WithConditions extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Of the controllers alone: what another part of Drawbridge applies to a status must not go because we leave it out. */
const fieldManager = 'drawbridge-controller';

type StatusOf<T extends WithConditions> = Exclude<T['status'], undefined>;

/**
 * Writes the status where it is not so already. Applied as a whole, by server-side apply: of a status we own what is given here and
 * nothing else.
 *
 * @param fields the other fields of the status that are ours
 */
export async function report<T extends WithConditions>(
  client: ObjectClient<T>,
  object: Stored<T>,
  condition: NewCondition,
  fields: Omit<StatusOf<T>, 'conditions'>,
  { clock, call }: { readonly clock: Clock; readonly call: CallOptions },
): Promise<void> {
  const present = object.status;
  const conditions = withTransitions([condition], present?.conditions, {
    generation: object.metadata.generation,
    now: clock.now(),
  });
  const same = Object.entries(fields).every(
    ([name, value]) => (present as Readonly<Record<string, unknown>> | undefined)?.[name] === value,
  );
  if (same && hasConditions(present?.conditions, conditions)) return;
  const { name } = object.metadata;
  try {
    const apply = client.applyStatus as (
      name: string,
      status: unknown,
      options: CallOptions & { readonly fieldManager: string },
    ) => Promise<unknown>;
    await apply(name, { ...fields, conditions }, { ...call, fieldManager });
  } catch (error) {
    // Gone meanwhile, which is nobody's failure.
    if (!(error instanceof DrawbridgeError) || error.code !== 'kubernetes_not_found') throw error;
  }
}
