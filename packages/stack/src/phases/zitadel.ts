import { DrawbridgeError, Secret, writeFileAtomic } from '@drawbridge/kit';
import { charts, names, stackFiles } from '../settings/index.ts';
import { hooksMs } from '../tools/index.ts';
import { zitadelValues } from '../values/index.ts';
import { isThere } from './is-there.ts';
import type { Phase, Workshop } from './phase.ts';
import { patience, type Waiting } from './stack-kube.ts';

const readyMs = 300_000;
const lookEveryMs = 1_000;
const { zitadel } = charts;
/** Zitadel takes exactly this many bytes. */
const masterkeyLength = 32;

/** Zitadel, and the key of the machine user that it was set up with. */
export const zitadelPhase: Phase = {
  name: 'zitadel',
  wanted: (settings) => settings.zitadel,
  about: ({ issuer }) => `chart ${zitadel.version}, ${issuer}`,
  async run(workshop, waiting) {
    const { settings, cluster, signal, randomText } = workshop;
    const { helm, kube } = cluster();
    const { namespace, release } = zitadel;
    // Hooks go on where Helm was cut off. Zitadel's set-up cannot be taken up in the middle, and the key of its first user is given once.
    await kube.untilHooksEnd(namespace, patience(workshop, hooksMs, waiting));
    // Before the chart: its hooks read both, and losing the masterkey loses what was encrypted with it.
    await kube.keepSecret(
      { namespace, name: names.masterkeySecret },
      () => ({ masterkey: new Secret(randomText(masterkeyLength)) }),
      signal,
    );
    await kube.keepSecret(
      { namespace, name: names.adminSecret },
      // A capital, a digit and a sign, as Zitadel's first policy asks.
      () => ({ password: new Secret(`${randomText(20)}Aa1!`) }),
      signal,
    );
    await whileWatched(workshop, waiting, () => helm.install(zitadel, zitadelValues(settings), { signal }));
    await kube.untilDeployment(namespace, release, patience(workshop, readyMs, waiting));
    await keepMachineKey(workshop);
    return { text: settings.issuer };
  },
};

/** The chart's hooks say nothing while they wait: what keeps their pods is told instead, and with a failure. */
async function whileWatched(
  { cluster, signal, clock }: Workshop,
  waiting: Waiting,
  work: () => Promise<void>,
): Promise<void> {
  const { kube } = cluster();
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const until = clock.now() + hooksMs;
  let last: string | undefined;
  const watching = (async () => {
    while (!either.aborted) {
      const now = await kube.trouble(zitadel.namespace, either).catch(() => undefined);
      last = now ?? last;
      waiting(now ?? 'helm installs Zitadel', until - clock.now());
      await clock.sleep(lookEveryMs, either).catch(() => undefined); // the signal ends the loop
    }
  })();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DrawbridgeError) || error.code !== 'program_failed' || last === undefined)
      throw error;
    throw new DrawbridgeError('stack_not_ready', {
      message: 'Zitadel could not be installed.',
      where: `namespace ${zitadel.namespace}`,
      saw: `${last}\n${error.saw ?? ''}`.trim(),
      cause: error,
    });
  } finally {
    ended.abort();
    await watching;
  }
}

/** The chart writes it when the first instance is made, and never again; what an earlier run kept is as good. */
async function keepMachineKey({ settings, cluster, signal }: Workshop): Promise<void> {
  const { namespace } = zitadel;
  const where = { namespace, name: names.machineUser };
  const key = (await cluster().kube.readSecret(where, signal))?.[`${names.machineUser}.json`];
  const path = stackFiles(settings).zitadelKey;
  if (key !== undefined) return await writeFileAtomic(path, key.expose(), { mode: 0o600 });
  if (!(await isThere(path)))
    throw new DrawbridgeError('stack_keys_missing', {
      message: 'The key of the machine user that Zitadel was set up with is not in the cluster.',
      where: `secret ${namespace}/${names.machineUser}`,
    });
}
