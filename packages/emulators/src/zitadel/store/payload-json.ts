import type { AnyEvent } from './event.ts';

/** Events whose Go structs leave out false and zero as well (internal/repository/user/human.go). */
const leavesOutDefaults: ReadonlySet<string> = new Set(['user.human.added', 'user.human.profile.changed']);

/** An event's payload as upstream stores it: absent where the event has none, empty texts left out. */
export function eventPayload(event: AnyEvent): Readonly<Record<string, unknown>> | undefined {
  const terse = leavesOutDefaults.has(event.type);
  const fields = (Object.entries(event.payload) as [string, unknown][]).filter(
    ([, value]) => value !== undefined && value !== '' && !(terse && (value === false || value === 0)),
  );
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}
