import { DrawbridgeError } from '@drawbridge/kit';
import type { KubeObject, ResourceType } from '@drawbridge/kubernetes';
import { discoverKind } from '../discovery.ts';
import { type CustomResourceDefinition, resourceDefinitions } from '../kinds.ts';
import type { Kube } from '../kube.ts';
import type { Reason } from '../reasons/index.ts';
import { named } from './named.ts';
import { type WaitOptions, waitFor } from './wait-for.ts';
import { watching } from './watched.ts';

/**
 * Waits until a kind can be used: its definition is established, and a client that knows nothing yet finds the kind served. The second
 * comes up to some seconds after the first, and until then every use of the kind fails with "no matches for kind".
 *
 * @param definition name of its custom resource definition, such as `clusters.postgresql.cnpg.io`
 * @returns how the kind is addressed
 * @throws {DrawbridgeError} `stack_not_ready` at the end of the time, `canceled`
 * @example
 * ```ts
 * import { openKube, waitForKind } from '@drawbridge/stack';
 *
 * const kube = await openKube();
 * await waitForKind(kube, 'clusters.postgresql.cnpg.io', { timeoutMs: 60_000 });
 * await kube.close();
 * ```
 */
export async function waitForKind(
  kube: Kube,
  definition: string,
  options: WaitOptions = {},
): Promise<ResourceType<KubeObject>> {
  const definitions = watching(kube, resourceDefinitions, undefined, named(definition));
  const where = `definition ${definition}`;
  const notYet = (text: string, saw?: string): { readonly waiting: Reason } => ({
    waiting: { code: 'stack_not_ready', text, where, ...(saw === undefined ? {} : { saw }) },
  });
  return await waitFor<ResourceType<KubeObject>>(
    {
      what: `kind ${definition}`,
      watched: [definitions],
      look: async (signal) => {
        const [present] = definitions.all();
        if (!present) return notYet(`no definition of ${definition} yet`);
        const refused = conditionOf(present, 'NamesAccepted');
        if (refused?.status === 'False')
          return notYet(`the names of ${definition} are taken`, refused.message);
        if (conditionOf(present, 'Established')?.status !== 'True')
          return notYet(`the definition of ${definition} is not established yet`);
        const served = await askAnew(kube, present, signal);
        return served ? { done: served } : notYet(`${definition} is established, and not served yet`);
      },
    },
    kube.clock,
    options,
  );
}

/** One question, with all its tries. */
const askMs = 10_000;

/** Asks by a connection of its own: behind several kube-apiservers, each registers a definition in its own time. */
async function askAnew(
  kube: Kube,
  { spec }: CustomResourceDefinition,
  signal: AbortSignal,
): Promise<ResourceType<KubeObject> | undefined> {
  const version = spec?.versions.find(({ served }) => served)?.name;
  if (!spec || version === undefined) return undefined;
  const cluster = kube.fresh();
  const limited = AbortSignal.any([signal, AbortSignal.timeout(askMs)]);
  try {
    const kind = { apiVersion: `${spec.group}/${version}`, kind: spec.names.kind };
    const type = await discoverKind(cluster, kind, limited);
    // Discovery may know the kind a moment before its objects are served.
    await cluster.objects(type).list({}, { signal: limited });
    return type;
  } catch (error) {
    if (error instanceof DrawbridgeError && soon.has(error.code)) return undefined;
    throw error;
  } finally {
    await cluster.close();
  }
}

const soon: ReadonlySet<string> = new Set([
  'kubernetes_kind_missing',
  'kubernetes_failed',
  'rate_limited',
  'unreachable',
  'timeout',
  'circuit_open',
]);

function conditionOf({ status }: CustomResourceDefinition, type: string) {
  return status?.conditions?.find((one) => one.type === type);
}
