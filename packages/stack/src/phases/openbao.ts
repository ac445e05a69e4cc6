import { DrawbridgeError, type Secret } from '@drawbridge/kit';
import { applyOpenbao, type Openbao, planOpenbao } from '@drawbridge/openbao';
import { charts, names } from '../settings/index.ts';
import { openbaoValues } from '../values/index.ts';
import { keepOpenbaoKeys, readOpenbaoKeys, readRootToken } from './openbao-keys.ts';
import type { Phase, Workshop } from './phase.ts';
import { patience, type Waiting } from './stack-kube.ts';

const minute = 60_000;
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
    await kube.removeWebhook(names.staleInjector, signal);
    waiting('helm installs OpenBao');
    await helm.install(chart, openbaoValues(settings), { signal });
    const fiveMinutes = () => patience(workshop, 5 * minute, waiting);
    // Sealed it runs and is not ready: waiting for that would be for ever.
    await kube.untilRunning(namespace, names.openbaoPod, fiveMinutes());
    const did = await withOpenbao(workshop, (openbao) => unseal(workshop, openbao, waiting));
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
  const openbao = openOpenbao({ url: forwarded.url, ...(token ? { token } : {}) });
  try {
    return await use(openbao);
  } finally {
    await openbao.close();
    await forwarded.close();
  }
}

async function unseal(
  { settings, signal }: Workshop,
  { system }: Openbao,
  waiting: Waiting,
): Promise<string> {
  waiting('OpenBao is looked at through a port of this machine');
  if (!(await system.isInitialized({ signal }))) {
    const { unsealKeys, rootToken } = await system.init(undefined, { signal });
    // Before anything else: nothing ever gives them again.
    await keepOpenbaoKeys(settings, unsealKeys, rootToken);
    await system.unseal(unsealKeys, { signal });
    return 'initialized and unsealed';
  }
  const keys = await readOpenbaoKeys(settings);
  const { sealed } = await system.sealStatus({ signal });
  if (!sealed) return 'unsealed';
  await system.unseal(keys, { signal });
  return 'unsealed again';
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
