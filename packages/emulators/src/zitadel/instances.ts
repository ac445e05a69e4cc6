import type { IncomingHttpHeaders } from 'node:http';
import type { Delivery } from './actions/index.ts';
import type { Bootstrap, FirstInstance } from './bootstrap.ts';
import { type RequestOrigin, resolveInstance, type UnknownInstance } from './instance.ts';
import type { Kernel } from './kernel.ts';
import type { SentMail } from './mails.ts';
import type { AnyEvent, EventLog } from './store/index.ts';

/** Another instance in the same process; requests find it by their host. */
export interface InstanceOptions {
  /** Its first custom domain; different from every other instance's. */
  readonly domain: string;
  /** Folder that keeps it. Default: it lives in memory. */
  readonly dataDir?: string;
  /** What its first start makes. */
  readonly firstInstance?: FirstInstance;
}

/** The events of an instance, to read. */
export interface ReadonlyEvents extends Iterable<AnyEvent> {
  readonly length: number;
  /** Called after each transaction; returns the way to stop. */
  subscribe(listener: (events: readonly AnyEvent[]) => void): () => void;
}

/** What can be seen of one running instance. */
export interface RunningInstance {
  /** `http://{domain}:{port}`. */
  readonly issuer: string;
  readonly bootstrap: Bootstrap;
  readonly events: ReadonlyEvents;
  /** Mails that a real instance would have sent, oldest first. */
  readonly mails: readonly SentMail[];
  /** The last calls of targets of actions, oldest first. */
  readonly deliveries: readonly Delivery[];
}

/** One instance as the edges know it. */
export interface HostedInstance {
  readonly domain: string;
  readonly kernel: Kernel;
  readonly bootstrap: Bootstrap;
}

/** A request's instance. */
export interface FoundInstance extends RequestOrigin {
  readonly kernel: Kernel;
}

/** Finds the instance whose custom domain the request names; else says why the first one is not it. */
export function findInstance(
  instances: readonly [HostedInstance, ...HostedInstance[]],
  headers: IncomingHttpHeaders,
): FoundInstance | UnknownInstance {
  let refusal: UnknownInstance | undefined;
  for (const { kernel } of instances) {
    const origin = resolveInstance(headers, kernel.fresh);
    if (!('id' in origin)) return { ...origin, kernel };
    // A known host with a public name that is not allowed says more than an unknown host.
    if (!refusal || origin.id === 'QUERY-IuGh1') refusal = origin;
  }
  return refusal ?? { id: 'QUERY-1kIjX', origin: '' };
}

/** What can be seen of an instance at a port. */
export function viewOf({ domain, kernel, bootstrap }: HostedInstance, port: number): RunningInstance {
  return {
    issuer: `http://${domain}:${port}`,
    bootstrap,
    events: readonlyEvents(kernel.log),
    mails: kernel.mails,
    deliveries: kernel.actions.deliveries,
  };
}

function readonlyEvents(log: EventLog): ReadonlyEvents {
  return {
    get length() {
      return log.length;
    },
    subscribe: (listener) => log.subscribe(listener),
    [Symbol.iterator]: () => log.from(),
  };
}
