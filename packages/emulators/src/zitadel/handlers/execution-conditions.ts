import { functionNames } from '../actions/index.ts';
import { invalidArgument, notFound } from '../errors.ts';
import { invalid, type Message } from '../wire/index.ts';
import type { Answer } from './call.ts';
import { isKnownEvent, isKnownEventGroup } from './known-events.ts';

/** Methods that calls can be intercepted at, as `service/method`. */
export type Methods = () => ReadonlySet<string>;

const unknown = (id: string) => notFound(id, 'Errors.Execution.ConditionInvalid');

/**
 * The id of an execution: its condition as text, such as `event/user.human.added`, `event/user.human.*`, `event`,
 * `request/zitadel.user.v2.UserService/CreateUser` or `function/preuserinfo` (internal/command/action_v2_execution.go).
 *
 * @throws {RpcError} invalid_argument for none or several conditions, not_found for one that names what is not there
 */
export function conditionId(condition: Message, methods: Methods): string {
  const kinds = ['request', 'response', 'function', 'event'].filter((kind) => condition.has(kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) throw invalid('condition_type', 'exactly one is required');
  const fields = condition.requiredMessage(kind);
  if (kind === 'function') return functionId(fields);
  if (kind === 'event') return eventId(fields);
  return callId(kind, fields, methods);
}

/** A condition from the id of its execution. */
export function conditionOf(id: string): Answer {
  const at = id.indexOf('/');
  const kind = at === -1 ? id : id.slice(0, at);
  const rest = at === -1 ? '' : id.slice(at + 1);
  if (kind === 'function') return { function: { name: rest } };
  if (rest === '') return { [kind]: { all: true } };
  if (kind === 'event') {
    return { event: rest.endsWith('.*') ? { group: rest.slice(0, -2) } : { event: rest } };
  }
  return { [kind]: rest.includes('/') ? { method: `/${rest}` } : { service: rest } };
}

function functionId(fields: Message): string {
  const name = fields.string('name');
  if (name === '') throw invalidArgument('COMMAND-5folwn5jws', 'Errors.Execution.Invalid');
  if (!functionNames.some((known) => known === name)) throw unknown('COMMAND-cdy39t0ksr');
  return `function/${name}`;
}

function eventId(fields: Message): string {
  const event = fields.string('event');
  const group = fields.string('group');
  const all = fields.bool('all');
  requireOne([event, group, all], 'COMMAND-w5smb6v7qu', 'COMMAND-hdm4zl1hmd');
  if (all) return 'event';
  if (event !== '') {
    if (!isKnownEvent(event)) throw unknown('COMMAND-74aaqj8fv9');
    return `event/${event}`;
  }
  const prefix = group.replace(/\.\*$/, '');
  if (!isKnownEventGroup(prefix)) throw unknown('COMMAND-er5oneb5lz');
  return `event/${prefix}.*`;
}

function callId(kind: string, fields: Message, methods: Methods): string {
  const method = fields.string('method');
  const service = fields.string('service');
  const all = fields.bool('all');
  requireOne([method, service, all], 'COMMAND-3tkej630e6', 'COMMAND-nee5q8aszq');
  if (all) return kind;
  if (method !== '') {
    if (!methods().has(method.slice(1)) || !method.startsWith('/')) throw unknown('COMMAND-vysplsevt8');
    return `${kind}${method}`;
  }
  if (!serviceNames(methods).includes(service)) throw unknown('COMMAND-qu6dfhiioq');
  return `${kind}/${service}`;
}

/** Services that calls can be intercepted at. */
export function serviceNames(methods: Methods): readonly string[] {
  return [...new Set([...methods()].map((name) => name.slice(0, name.indexOf('/'))))].sort();
}

function requireOne(given: readonly (string | boolean)[], none: string, several: string): void {
  const count = given.filter(Boolean).length;
  if (count === 0) throw invalidArgument(none, 'Errors.Execution.Invalid');
  if (count > 1) throw invalidArgument(several, 'Errors.Execution.Invalid');
}
