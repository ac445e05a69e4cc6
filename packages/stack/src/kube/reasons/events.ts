import type { ClusterEvent } from '../kinds.ts';

/** What was told longer ago is no longer true: the cluster repeats what goes on. Its filter lets one of a kind through in five minutes. */
const freshMs = 10 * 60_000;

/** The recent events of one object, the latest first. */
export function eventsOf(
  object: { readonly name: string; readonly uid?: string },
  events: readonly ClusterEvent[],
  now: number,
): readonly ClusterEvent[] {
  return latestFirst(
    events.filter(({ involvedObject: { name, uid } }) =>
      // One that was made again under the name is another.
      uid === undefined || object.uid === undefined ? name === object.name : uid === object.uid,
    ),
    now,
  );
}

/** Recent events, the latest first. */
export function latestFirst(events: readonly ClusterEvent[], now: number): readonly ClusterEvent[] {
  return events
    .map((event) => ({ event, at: timeOf(event) }))
    .filter(({ at }) => now - at < freshMs)
    .sort((one, other) => other.at - one.at)
    .map(({ event }) => event);
}

function timeOf({ lastTimestamp, eventTime, metadata }: ClusterEvent): number {
  const at = Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '');
  // Without a time it counts as just now: better told than kept.
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}
