import { randomBytes } from 'node:crypto';
import { createHttpClient, DrawbridgeError, readJson, systemClock } from '@drawbridge/kit';
import { createOpenbao } from '@drawbridge/openbao';
import type { StackKube, Workshop } from '../phases/index.ts';
import { accessOf, charts, names, type StackSettings } from '../settings/index.ts';
import type { Helm } from '../tools/index.ts';
import { createStackKube } from './stack-kube.ts';
import { wireSignIn } from './wire-sign-in.ts';
import { createWorkingTools } from './working-tools.ts';

/** Which stack, and how it is worked on. */
export interface WorkshopOptions {
  readonly settings: StackSettings;
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

/** A {@link Workshop} with connections of its own. */
export interface OwnWorkshop extends Workshop {
  close(): Promise<void>;
}

/**
 * Makes what a stack is worked on with: k3d and Helm of this machine, Kubernetes' API, OpenBao's and Zitadel's. What the two programs
 * write is kept in `stack.log` in the stack's folder.
 *
 * @example
 * ```ts
 * import { createWorkshop, settleStack, stackUp } from '@drawbridge/stack';
 *
 * const settings = settleStack({ folder: '/home/ada/.local/share/drawbridge/stack/lab', name: 'lab' });
 * const workshop = createWorkshop({ settings, signal: AbortSignal.timeout(900_000) });
 * const { issuer } = await stackUp(workshop, (event) => console.log(event.phase, event.state));
 * await workshop.close();
 * console.log(issuer);
 * ```
 */
export function createWorkshop({ settings, signal, env }: WorkshopOptions): OwnWorkshop {
  const clock = systemClock;
  const { k3d, helmFor } = createWorkingTools(settings, env);
  let cluster: { readonly kube: StackKube; readonly helm: Helm } | undefined;
  const former: StackKube[] = [];
  return {
    settings,
    signal,
    clock,
    k3d,
    open(access) {
      if (cluster) former.push(cluster.kube);
      cluster = { kube: createStackKube(access, clock), helm: helmFor(access) };
    },
    cluster() {
      if (cluster) return cluster;
      throw new DrawbridgeError('internal', { message: 'No cluster was opened.' });
    },
    openOpenbao: createOpenbao,
    async look(url, { address, signal: looking }) {
      const http = createHttpClient({ addresses: { [new URL(url).origin]: address }, timeoutMs: 5_000 });
      try {
        const response = await http.fetch(url, { signal: looking, redirect: 'manual' });
        return { status: response.status, body: await readJson(response).catch(() => undefined) };
      } finally {
        await http.close();
      }
    },
    wireSignIn,
    randomText,
    async close() {
      const all = cluster ? [...former, cluster.kube] : former;
      await Promise.all(all.map((one) => one.close()));
    },
  };
}

/** Letters and digits alone, each as likely as the others. */
function randomText(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let text = '';
  while (text.length < length)
    // Bytes that would favour the first letters are thrown away.
    for (const byte of randomBytes(length))
      if (byte < 4 * alphabet.length && text.length < length) text += alphabet[byte % alphabet.length];
  return text;
}

/** Opens the cluster of a stack that is there. @throws {DrawbridgeError} what calls of a cluster throw */
async function openStack(workshop: Workshop): Promise<StackKube> {
  const { settings, signal } = workshop;
  workshop.open(accessOf(settings));
  const { kube } = workshop.cluster();
  await kube.untilAnswers({ timeoutMs: 10_000, signal, onWaiting: () => undefined });
  return kube;
}

/** Leads to OpenBao past the ingress, for as long as it is used. */
export async function withOpenbaoForward<T>(
  workshop: Workshop,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const kube = await openStack(workshop);
  const { namespace } = charts.openbao;
  const forwarded = await kube.forward(
    { namespace, service: names.openbaoService, port: 8_200 },
    workshop.signal,
  );
  try {
    return await use(forwarded.url);
  } finally {
    await forwarded.close();
  }
}
