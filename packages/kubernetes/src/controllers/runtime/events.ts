import {
  type CallOptions,
  type Clock,
  DrawbridgeError,
  type Logger,
  newId,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import type { Cluster, KubeObject, ResourceType, Stored } from '../../cluster/index.ts';
import { microTime } from './micro-time.ts';

/** What happened to an object, for `kubectl describe`. @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
interface EventObject extends KubeObject {
  readonly kind: 'Event';
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly action: string;
  readonly reason: string;
  readonly type: 'Normal' | 'Warning';
  readonly note: string;
  readonly regarding: Readonly<Record<string, string | undefined>>;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
}

const events: ResourceType<EventObject> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};

/** One thing to tell. */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  /** One word in camel case. */
  readonly reason: string;
  /** What was being done, one word in camel case. */
  readonly action: string;
  /** For people; at most 1,024 characters are kept. */
  readonly note: string;
}

/** Writes Events. What cannot be written is logged: an Event is never worth a failure. */
export interface EventRecorder {
  record(object: Stored<KubeObject>, event: EventNote): void;
  /** Resolves once what was recorded is written, or given up. */
  flush(): Promise<void>;
}

export interface EventRecorderOptions {
  readonly cluster: Pick<Cluster, 'objects'>;
  /** Such as `drawbridge.internal/controller`. */
  readonly controller: string;
  /** This process. */
  readonly instance: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** The same again within this time is counted in the one there is. */
const seriesMs = 360_000;
const longestNote = 1_024;
/** More waiting than this is dropped. */
const mostWaiting = 1_000;

interface Series {
  readonly name: string;
  readonly namespace: string;
  count: number;
  lastAt: number;
}

/** Makes a recorder, which tells of the same thing once and then counts it. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { cluster, controller, instance, clock = systemClock, logger = silentLogger } = options;
  const series = new Map<string, Series>();
  let tail: Promise<void> = Promise.resolve();
  let waiting = 0;

  const write = async (
    object: Stored<KubeObject>,
    { type, reason, action, note }: EventNote,
  ): Promise<void> => {
    const { name, uid, namespace, resourceVersion } = object.metadata;
    const now = clock.now();
    const key = JSON.stringify([uid, reason, action, type]);
    const call: CallOptions = { priority: 'low', signal: AbortSignal.timeout(10_000) };
    const known = series.get(key);
    if (known && now - known.lastAt < seriesMs) {
      known.count += 1;
      known.lastAt = now;
      const client = cluster.objects(events, known.namespace);
      try {
        await client.patch(
          known.name,
          { series: { count: known.count, lastObservedTime: microTime(now) } },
          call,
        );
        return;
      } catch (error) {
        // Events live for an hour; one that is gone is told anew.
        if (!(error instanceof DrawbridgeError) || error.code !== 'kubernetes_not_found') throw error;
      }
    }
    // Of what is in no namespace, Events are in the default one.
    const where = namespace ?? 'default';
    const made = `${name.slice(0, 200)}.${newId({ now: () => now })}`;
    await cluster.objects(events, where).create(
      {
        metadata: { name: made, namespace: where },
        eventTime: microTime(now),
        reportingController: controller,
        reportingInstance: instance.slice(0, 128),
        action,
        reason,
        type,
        note: note.slice(0, longestNote),
        regarding: {
          apiVersion: object.apiVersion,
          kind: object.kind,
          name,
          namespace,
          uid,
          resourceVersion,
        },
      },
      call,
    );
    for (const [old, { lastAt }] of series) if (now - lastAt >= seriesMs) series.delete(old);
    series.set(key, { name: made, namespace: where, count: 1, lastAt: now });
  };

  return {
    record(object, event) {
      if (waiting >= mostWaiting) return;
      waiting += 1;
      // One after the other: two of a series at once would make two.
      tail = tail.then(async () => {
        try {
          await write(object, event);
        } catch (caught) {
          const error = DrawbridgeError.from(caught);
          logger.warn({ component: 'events', code: error.code }, 'an Event could not be written');
        } finally {
          waiting -= 1;
        }
      });
    },
    flush: () => tail,
  };
}
