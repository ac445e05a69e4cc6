import { isDeepStrictEqual } from 'node:util';
import type { Change, KubeObject } from '../../cluster/index.ts';
import type { Condition } from '../../milo/index.ts';

interface Reported extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/**
 * Whether a change is nothing but what we write ourselves: our finalizer, our condition, the state and address that we report. To
 * look at an object again for these would ask Zitadel twice about everybody who is taken in. What somebody else does to them is
 * found by the next resync.
 */
export function isOwnWrite<T extends Reported>(
  { type, object, former }: Change<T>,
  own: { readonly finalizer: string; readonly condition: string },
): boolean {
  if (type !== 'changed' || former === undefined) return false;
  return isDeepStrictEqual(withoutOurs(object, own), withoutOurs(former, own));
}

function withoutOurs(
  { metadata, status, ...rest }: Reported,
  { finalizer, condition }: { readonly finalizer: string; readonly condition: string },
): unknown {
  const { resourceVersion: _version, finalizers = [], ...kept } = metadata;
  const { managedFields: _managed, ...others } = kept as typeof kept & { readonly managedFields?: unknown };
  const { conditions = [], ...fields } = status ?? {};
  const { state: _state, email: _email, ...reported } = fields as Readonly<Record<string, unknown>>;
  return {
    ...rest,
    metadata: { ...others, finalizers: finalizers.filter((one) => one !== finalizer) },
    status: { ...reported, conditions: conditions.filter((one) => one.type !== condition) },
  };
}
