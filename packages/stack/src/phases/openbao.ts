import { DrawbridgeError, type Secret } from '@drawbridge/kit';
import { applyOpenbao, type Openbao, planOpenbao } from '@drawbridge/openbao';
import { charts, names } from '../settings/index.ts';
import { openbaoValues } from '../values/index.ts';
import { keepOpenbaoKeys, readOpenbaoKeys, readRootToken } from './openbao-keys.ts';
import type { Phase, Workshop } from './phase.ts';
import { patience } from './stack-kube.ts';

const minute = 60_000;
/** Initializing and unsealing write to disk, which of a cluster that is coming up has much to do. */
const answerMs = 2 * minute;
const { openbao: chart } = charts;

/** OpenBao, initialized once and unsealed as often as it needs. */
export const openbaoPhase: Phase = {
  name: 'openbao',
  about: ({ openbao }) => `chart ${chart.version}, ${openbao}`,
  async run(workshop, waiting) {
    const { settings, cluster, signal } = workshop;
    const { helm, kube } = cluster();
    const { namespace } = chart;
    // Left by a namespace that was deleted, it would hold up every new pod of the cluster.
    await kube.removeStaleWebhook(names.staleInjector, signal);
    waiting('helm installs OpenBao');
    await helm.install(chart, openbaoValues(settings), { signal });
    const fiveMinutes = () => patience(workshop, 5 * minute, waiting);
    // Sealed it runs and is not ready: waiting for that would be for ever.
    await kube.untilRunning(namespace, names.openbaoPod, fiveMinutes());
    waiting('OpenBao is looked at through a port of this machine');
    const fresh = await isNew(workshop);
    if (fresh) {
      waiting('OpenBao makes its keys, which it gives once', answerMs);
      await initialize(workshop);
    }
    const wasSealed = await withOpenbao(workshop, (openbao) => unseal(workshop, openbao));
    const did = fresh ? 'initialized and unsealed' : wasSealed ? 'unsealed again' : 'unsealed';
    await kube.untilReady(namespace, names.openbaoPod, fiveMinutes());
    const lacks = (await hasEngine(workshop))
      ? ''
      : ', without its KV engine: no root token that opens it is here';
    return { text: `${settings.openbao}, ${did}${lacks}` };
  },
};

async function withOpenbao<T>(
  { cluster, openOpenbao, signal }: Workshop,
  use: (openbao: Openbao) => Promise<T>,
  token?: Secret,
): Promise<T> {
  const forwarded = await cluster().kube.forward(
    { namespace: chart.namespace, service: names.openbaoService, port: 8_200 },
    signal,
  );
  const openbao = openOpenbao({ url: forwarded.url, timeoutMs: answerMs, ...(token ? { token } : {}) });
  try {
    return await use(openbao);
  } finally {
    await openbao.close();
    await forwarded.close();
  }
}

const isNew = (workshop: Workshop) =>
  withOpenbao(workshop, async ({ system }) => !(await system.isInitialized({ signal: workshop.signal })));

/**
 * The answer is given once: whoever does not hear it has an OpenBao that nothing opens. So an interruption waits for it, and a slow disk has its
 * time.
 */
async function initialize(workshop: Workshop): Promise<void> {
  const untouched = { ...workshop, signal: new AbortController().signal };
  const { unsealKeys, rootToken } = await withOpenbao(untouched, ({ system }) => system.init());
  await keepOpenbaoKeys(workshop.settings, unsealKeys, rootToken);
}

/** @returns whether it was sealed */
async function unseal({ settings, signal }: Workshop, { system }: Openbao): Promise<boolean> {
  const keys = await readOpenbaoKeys(settings);
  const { sealed } = await system.sealStatus({ signal });
  if (sealed) await system.unseal(keys, { signal });
  return sealed;
}

/** Configuration is kept there, with a sign-in or without. Who took the root token away has made one, or wants none. */
async function hasEngine(workshop: Workshop): Promise<boolean> {
  const { settings, signal } = workshop;
  const wanted = { kv: ['secret'] };
  try {
    const token = await readRootToken(settings);
    await withOpenbao(
      workshop,
      async (openbao) => {
        await applyOpenbao(openbao, await planOpenbao(openbao, wanted, { signal }), { signal });
      },
      token,
    );
    return true;
  } catch (error) {
    const { code } = DrawbridgeError.from(error);
    if (code === 'stack_keys_missing' || code === 'openbao_denied') return false;
    throw error;
  }
}
