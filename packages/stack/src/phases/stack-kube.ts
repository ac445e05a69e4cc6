import type { Clock, Secret } from '@drawbridge/kit';
import type { Manifest } from '../kube/index.ts';

/** How long something is waited for, and who is told why it is not there yet. */
export interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** A sentence in plain words, told when it changes. */
  readonly onWaiting: (why: string) => void;
}

/** Told what is waited for and why, and how long it will be at most from now on. */
export type Waiting = (why: string, limitMs?: number) => void;

/** Patience that begins now. */
export function patience(
  { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock },
  timeoutMs: number,
  waiting: Waiting,
): Patience {
  const until = clock.now() + timeoutMs;
  return { timeoutMs, signal, onWaiting: (why) => waiting(why, until - clock.now()) };
}

/** What the phases need of a cluster. Every wait ends in `stack_not_ready` with what was seen. */
export interface StackKube {
  /** Until the API server answers. */
  untilAnswers(patience: Patience): Promise<void>;
  /** Applies in order; a kind that is registered but not served yet, and webhooks that fail closed, are waited for. */
  apply(objects: readonly Manifest[], patience: Patience): Promise<{ readonly changed: boolean }>;
  /** Takes away what was applied, and tells what there was as `Kind/name`; keys of others in the same object stay. */
  withdraw(objects: readonly Manifest[], signal: AbortSignal): Promise<readonly string[]>;
  /** Creates a Secret where there is none of that name; what is there is never changed. */
  keepSecret(
    where: { readonly namespace: string; readonly name: string },
    make: () => Readonly<Record<string, Secret>>,
    signal: AbortSignal,
  ): Promise<void>;
  readSecret(
    where: { readonly namespace: string; readonly name: string },
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, Secret>> | undefined>;
  /** Until a CustomResourceDefinition is established and served. */
  untilKind(definition: string, patience: Patience): Promise<void>;
  /** Until no job of the namespace is at work. */
  untilHooksEnd(namespace: string, patience: Patience): Promise<void>;
  untilDeployment(namespace: string, name: string, patience: Patience): Promise<void>;
  /** Until a pod runs, which says nothing of whether it is ready. */
  untilRunning(namespace: string, pod: string, patience: Patience): Promise<void>;
  untilReady(namespace: string, pod: string, patience: Patience): Promise<void>;
  /** Until CloudNativePG calls its cluster ready. */
  untilDatabase(namespace: string, name: string, patience: Patience): Promise<void>;
  /** Until a Service has an address behind it. */
  untilEndpoint(namespace: string, service: string, patience: Patience): Promise<void>;
  /** What keeps pods of a namespace from being ready now, in a sentence. */
  trouble(namespace: string, signal: AbortSignal): Promise<string | undefined>;
  /** A port of this machine that leads to a Service. */
  forward(
    to: { readonly namespace: string; readonly service: string; readonly port: number },
    signal: AbortSignal,
  ): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Runs a program in a pod, without a shell. */
  exec(
    where: { readonly namespace: string; readonly pod: string },
    argv: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
  /** Has the pods of a Deployment made anew. */
  restart(namespace: string, deployment: string, signal: AbortSignal): Promise<void>;
  /** Takes a cluster-wide MutatingWebhookConfiguration away, where there is one that nobody answers for. */
  removeStaleWebhook(name: string, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}
