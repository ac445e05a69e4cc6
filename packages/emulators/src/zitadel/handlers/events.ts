import { type AnyEvent, eventPayload } from '../store/index.ts';
import { invalid, type Message, present, timestamp, uint64 } from '../wire/index.ts';
import type { Answer, Handler } from './call.ts';
import { displayName } from './user-read.ts';

const most = 1_000;

/**
 * ListEvents of the v1 admin API (internal/api/grpc/admin/event.go): reads the log itself, so it does not lag. The
 * sequence counts within an aggregate and there is no global one: a cursor can only be a time, with an overlap.
 */
export const listEvents: Handler = (call, input) => {
  call.requireDeclared('events.read');
  const { log } = call.kernel;
  const asked = input.uint('limit');
  const limit = asked === 0 || asked > most ? most : asked;
  const asc = input.bool('asc');
  const matches = eventFilter(input, asc);
  const events: AnyEvent[] = [];
  const { length } = log;
  for (let step = 0; step < length && events.length < limit; step++) {
    const event = log.at(asc ? step : length - 1 - step);
    if (event && matches(event)) events.push(event);
  }
  return { events: events.map((event) => eventMessage(call, event)) };
};

function eventFilter(input: Message, asc: boolean): (event: AnyEvent) => boolean {
  const types = input.strings('eventTypes');
  const aggregateTypes = input.strings('aggregateTypes');
  if (types.length > 30) throw invalid('event_types', 'value must contain no more than 30 items');
  if (aggregateTypes.length > 10)
    throw invalid('aggregate_types', 'value must contain no more than 10 items');
  const wantedTypes = new Set<string>(types);
  const wantedAggregates = new Set<string>(aggregateTypes);
  const editor = input.string('editorUserId');
  const aggregateId = input.string('aggregateId');
  const owner = input.string('resourceOwner');
  const sequence = input.uint('sequence');
  const range = input.message('range');
  const since = range?.timestamp('since');
  const until = range?.timestamp('until');
  // A range puts the older ways of naming a time out of force.
  const from = range ? undefined : (input.timestamp('from') ?? input.timestamp('creationDate'));
  const checks: ((event: AnyEvent) => boolean)[] = [];
  const check = (wanted: boolean, test: (event: AnyEvent) => boolean) => {
    if (wanted) checks.push(test);
  };
  check(wantedTypes.size > 0, (event) => wantedTypes.has(event.type));
  check(wantedAggregates.size > 0, (event) => wantedAggregates.has(event.aggregateType));
  check(editor !== '', (event) => event.editor === editor);
  check(aggregateId !== '', (event) => event.aggregateId === aggregateId);
  check(owner !== '', (event) => event.resourceOwner === owner);
  check(sequence > 0, (event) => event.sequence > sequence);
  check(since !== undefined, (event) => event.createdAt > (since ?? 0));
  check(until !== undefined, (event) => event.createdAt < (until ?? 0));
  check(from !== undefined, (event) => (asc ? event.createdAt > (from ?? 0) : event.createdAt < (from ?? 0)));
  return (event) => checks.every((test) => test(event));
}

function eventMessage(call: Parameters<Handler>[0], event: AnyEvent): Answer {
  const editor = call.fresh.users.get(event.editor);
  return {
    editor: { userId: event.editor, displayName: editor && displayName(editor), service: 'zitadel' },
    aggregate: {
      id: event.aggregateId,
      type: { type: event.aggregateType, localized: { key: `AggregateTypes.${event.aggregateType}` } },
      resourceOwner: event.resourceOwner,
    },
    sequence: uint64(event.sequence),
    creationDate: timestamp(event.createdAt),
    payload: present(eventPayload(event)),
    type: { type: event.type, localized: { key: `EventTypes.${event.type}` } },
  };
}
