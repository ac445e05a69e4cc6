import { DrawbridgeError } from '@drawbridge/kit';
import type { StackSettings } from '../settings/index.ts';
import type { Phase, Workshop } from './phase.ts';
import type { Waiting } from './stack-kube.ts';

const withinMs = 60_000;
const everyMs = 1_000;

/** Ready is what somebody outside sees: both names answer on the one port. */
export const readyPhase: Phase = {
  name: 'ready',
  about: ({ address }) => `both answer at ${address} by their names`,
  async run(workshop, waiting) {
    const { settings } = workshop;
    await until(workshop, waiting, `${settings.openbao}/v1/sys/health`, ({ sealed }) => sealed === false);
    if (settings.zitadel)
      await until(
        workshop,
        waiting,
        `${settings.issuer}/.well-known/openid-configuration`,
        ({ issuer }) => issuer === settings.issuer,
      );
    return { text: `health and discovery answer at ${settings.address}` };
  },
};

async function until(
  { settings, look, signal, clock }: Workshop,
  waiting: Waiting,
  url: string,
  isRight: (body: Readonly<Record<string, unknown>>) => boolean,
): Promise<void> {
  const last = clock.now() + withinMs;
  const { host } = new URL(url);
  let saw = '';
  for (;;) {
    try {
      const { status, body } = await look(url, { address: settings.address, signal });
      if (status === 200 && isRight((body ?? {}) as Readonly<Record<string, unknown>>)) return;
      saw = `${host} answers ${status} ${JSON.stringify(body ?? '').slice(0, 200)}`;
    } catch (error) {
      signal.throwIfAborted();
      saw = DrawbridgeError.from(error).message;
    }
    if (clock.now() > last)
      throw new DrawbridgeError('stack_not_ready', {
        message: `${url} does not answer as it should.`,
        where: `${url} by way of ${settings.address}`,
        saw,
        fix: leadThere(settings),
      });
    waiting(`not ready: ${saw}`, last - clock.now());
    await clock.sleep(everyMs, signal);
  }
}

/** Pods have been asked before: what is missing is between this machine and the ingress. */
function leadThere({ address, port, context, name }: StackSettings): string {
  return context === undefined
    ? `Look whether another program has ${address}, and whether k3d's container k3d-${name}-serverlb runs.`
    : `Lead ${address} to the ingress: kubectl --context ${context} -n kube-system port-forward service/traefik ${port}:80`;
}
