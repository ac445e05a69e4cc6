import { DrawbridgeError } from '@drawbridge/kit';
import { charts, names } from '../settings/index.ts';
import type { Workshop } from './phase.ts';
import type { Waiting } from './stack-kube.ts';

const withinMs = 60_000;
const everyMs = 2_000;

/** What an URL answered, where it is an object. */
export type Body = Readonly<Record<string, unknown>>;

/** What a pod has to see, and what to do where it does not. */
export interface Sight {
  readonly url: string;
  readonly isRight: (body: Body) => boolean;
  readonly otherwise?: string;
}

/** Until OpenBao's pod gets the right answer: it is the one that needs it. @throws {DrawbridgeError} `stack_not_ready` */
export async function seenFromPod(
  { cluster, signal, clock }: Workshop,
  waiting: Waiting,
  { url, isRight, otherwise }: Sight,
): Promise<void> {
  const pod = { namespace: charts.openbao.namespace, pod: names.openbaoPod };
  const { hostname } = new URL(url);
  const until = clock.now() + withinMs;
  waiting(`a pod looks at ${hostname}`, withinMs);
  let saw = '';
  while (clock.now() < until) {
    const argv = ['wget', '-q', '-T', '5', '-O', '-', url];
    const { exitCode, stdout, stderr } = await cluster().kube.exec(pod, argv, signal);
    if (exitCode === 0 && isRight(objectIn(stdout))) return;
    // Without a word it ends where the image's own wget is broken.
    saw = exitCode === 0 ? stdout.slice(0, 300) : stderr.trim() || `wget ended with ${exitCode}`;
    waiting(`a pod does not see ${hostname} yet: ${saw.split('\n')[0] ?? ''}`, until - clock.now());
    await clock.sleep(everyMs, signal);
  }
  throw new DrawbridgeError('stack_not_ready', {
    message: `Pods do not reach ${url}.`,
    where: `pod ${pod.namespace}/${pod.pod}`,
    saw,
    ...(otherwise === undefined ? {} : { fix: otherwise }),
  });
}

function objectIn(text: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Body) : {};
  } catch {
    return {};
  }
}
