import { randomBytes } from 'node:crypto';
import { payloadType, targetKind } from '../actions/index.ts';
import { invalidArgument, notFound } from '../errors.ts';
import type { TargetRow } from '../projections/index.ts';
import type { AnyDraft, EncryptedValue, TargetFields } from '../store/index.ts';
import { invalid, type Message, timestamp } from '../wire/index.ts';
import type { Answer, Call, Handler } from './call.ts';
import { newPaging, pageOf, pagination, sortedBy, textMatcher } from './lists.ts';

const payloadTypes = ['UNSPECIFIED', 'JSON', 'JWT', 'JWE'].map((name) => `PAYLOAD_TYPE_${name}`);
const columns = [
  ...['UNSPECIFIED', 'ID', 'CREATED_DATE', 'CHANGED_DATE', 'NAME', 'TARGET_TYPE', 'URL', 'TIMEOUT'],
  'INTERRUPT_ON_ERROR',
].map((name) => `TARGET_FIELD_NAME_${name}`);
/** Upstream's limit (proto/zitadel/action/v2/action_service.proto). */
const longestTimeoutMs = 270_000;

/** CreateTarget (internal/command/action_v2_target.go). */
export const createTarget: Handler = async (call, input) => {
  call.requireDeclared('action.target.write');
  const kind = kindOf(input);
  if (!kind) throw invalid('target_type', 'value is required');
  const name = input.string('name', { min: 1, max: 1000 });
  const timeout = timeoutOf(input, 'COMMAND-39f35d8uri') ?? 0;
  if (timeout === 0) throw invalidArgument('COMMAND-39f35d8uri', 'Errors.Target.NoTimeout');
  const endpoint = await endpointOf(call, input.string('endpoint', { min: 1, max: 1000 }), {
    malformed: 'COMMAND-1r2k6qo6wg',
    denied: 'COMMAND-NcJUKo',
  });
  const id = call.kernel.newId();
  const { signingKey, sealed } = newSigningKey(call);
  const payload = {
    name,
    ...kind,
    endpoint,
    timeout,
    payloadType: input.enum('payloadType', payloadTypes) || payloadType.json,
    signingKey: sealed,
  };
  const event = call.push({ ...targetAggregate(call, id), type: 'target.added', payload });
  return { id, creationDate: timestamp(event.createdAt), signingKey };
};

/** UpdateTarget: nothing changed is no event and no error; `expirationSigningKey` of zero makes a new key. */
export const updateTarget: Handler = async (call, input) => {
  call.requireDeclared('action.target.write');
  const id = input.id('id');
  const wanted = await wantedChanges(call, input);
  const rotates = input.duration('expirationSigningKey');
  if (rotates !== undefined && rotates !== 0) throw invalid('expiration_signing_key', 'value must equal 0s');
  const row = existingTarget(call, id);
  const changed = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && value !== row.fields[name as keyof TargetFields],
  );
  if (changed.length === 0 && rotates === undefined) return { changeDate: timestamp(row.changedAt) };
  const key = rotates === undefined ? undefined : newSigningKey(call);
  const payload = { ...Object.fromEntries(changed), ...(key ? { signingKey: key.sealed } : {}) };
  const event = call.push({ ...targetAggregate(call, id), type: 'target.changed', payload });
  return { changeDate: timestamp(event.createdAt), signingKey: key?.signingKey };
};

async function wantedChanges(call: Call, input: Message): Promise<Partial<TargetFields>> {
  const name = input.optionalString('name', { max: 1000 });
  if (name === '') throw invalidArgument('COMMAND-d1wx4lm0zr', 'Errors.Target.Invalid');
  const timeout = timeoutOf(input, 'COMMAND-08b39vdi57');
  const url = input.optionalString('endpoint', { max: 1000 });
  const endpoint =
    url === undefined
      ? undefined
      : await endpointOf(call, url, { malformed: 'COMMAND-jsbaera7b6', denied: 'COMMAND-jKbbu2' });
  const packed = input.optionalEnum('payloadType', payloadTypes);
  return {
    ...kindOf(input),
    ...(name === undefined ? {} : { name }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(packed ? { payloadType: packed } : {}),
  };
}

/** DeleteTarget: missing is fine. Executions forget it. */
export const deleteTarget: Handler = (call, input) => {
  call.requireDeclared('action.target.delete');
  const row = call.fresh.targets.get(input.id('id'));
  if (!row) return {};
  const draft: AnyDraft = {
    ...targetAggregate(call, row.id),
    type: 'target.removed',
    payload: { name: row.fields.name },
  };
  return { deletionDate: timestamp(call.push(draft).createdAt) };
};

/** GetTarget reads the projection, which may lag (internal/query/target.go). */
export const getTarget: Handler = (call, input) => {
  call.requireDeclared('action.target.read');
  const row = call.lagging.targets.get(input.id('id'));
  if (!row) throw notFound('QUERY-hj5oaniyrz', 'Errors.Target.NotFound');
  return { target: targetMessage(call, row) };
};

export const listTargets: Handler = (call, input) => {
  call.requireDeclared('action.target.read');
  const paging = newPaging(input);
  const column = input.enum('sortingColumn', columns);
  const filters = input.messages('filters').map(targetFilter);
  const matching = [...call.lagging.targets.values()].filter((row) =>
    filters.every((matches) => matches(row)),
  );
  const sorted = sortedBy(sortedBy(matching, idOf), sortKey(columns[column] ?? ''));
  const { rows, total } = pageOf(sorted, paging);
  return {
    pagination: pagination(total, paging),
    targets: rows.map((row) => targetMessage(call, row)),
  };
};

const idOf = (row: TargetRow): string => row.id;

function sortKey(column: string): (row: TargetRow) => string | number {
  switch (column.slice('TARGET_FIELD_NAME_'.length)) {
    case 'CREATED_DATE':
      return (row) => row.createdAt;
    case 'CHANGED_DATE':
      return (row) => row.changedAt;
    case 'NAME':
      return (row) => row.fields.name;
    case 'TARGET_TYPE':
      return (row) => row.fields.targetType;
    case 'URL':
      return (row) => row.fields.endpoint;
    case 'TIMEOUT':
      return (row) => row.fields.timeout;
    case 'INTERRUPT_ON_ERROR':
      return (row) => Number(row.fields.interruptOnError);
    default:
      return idOf;
  }
}

function targetFilter(filter: Message): (row: TargetRow) => boolean {
  const name = filter.message('targetNameFilter');
  if (name) {
    const matches = textMatcher(name, 'targetName');
    return (row) => matches(row.fields.name);
  }
  const ids = new Set(filter.requiredMessage('inTargetIdsFilter').strings('targetIds'));
  return (row) => ids.has(row.id);
}

/** A target as it is read, its signing key included. */
function targetMessage(call: Call, row: TargetRow): Answer {
  const { name, endpoint, timeout, interruptOnError } = row.fields;
  const kind = { interruptOnError };
  return {
    id: row.id,
    creationDate: timestamp(row.createdAt),
    changeDate: timestamp(row.changedAt),
    name,
    restWebhook: row.fields.targetType === targetKind.webhook ? kind : undefined,
    restCall: row.fields.targetType === targetKind.call ? kind : undefined,
    restAsync: row.fields.targetType === targetKind.async ? {} : undefined,
    timeout: `${timeout / 1_000_000_000}s`,
    endpoint,
    signingKey: call.kernel.tokens.open(row.signingKey),
    payloadType: payloadTypes[row.fields.payloadType],
  };
}

/** @throws {RpcError} COMMAND-xj14f2cccn */
function existingTarget(call: Call, id: string): TargetRow {
  const row = call.fresh.targets.get(id);
  if (!row) throw notFound('COMMAND-xj14f2cccn', 'Errors.Target.NotFound');
  return row;
}

function kindOf(input: Message): Pick<TargetFields, 'targetType' | 'interruptOnError'> | undefined {
  const webhook = input.message('restWebhook');
  const rest = input.message('restCall');
  if (webhook) return { targetType: targetKind.webhook, interruptOnError: webhook.bool('interruptOnError') };
  if (rest) return { targetType: targetKind.call, interruptOnError: rest.bool('interruptOnError') };
  return input.message('restAsync') ? { targetType: targetKind.async, interruptOnError: false } : undefined;
}

/** A timeout in nanoseconds, more than zero. */
function timeoutOf(input: Message, zero: string): number | undefined {
  const ms = input.duration('timeout');
  if (ms === undefined) return undefined;
  if (ms === 0) throw invalidArgument(zero, 'Errors.Target.NoTimeout');
  if (ms < 0 || ms > longestTimeoutMs)
    throw invalid('timeout', 'value must be greater than 0s and at most 270s');
  return Math.round(ms * 1_000_000);
}

async function endpointOf(
  call: Call,
  text: string,
  ids: { readonly malformed: string; readonly denied: string },
): Promise<string> {
  if (!/^https?:/.test(text) || !URL.canParse(text)) {
    throw invalidArgument(ids.malformed, 'Errors.Target.InvalidURL');
  }
  if (await call.kernel.actions.denyList.deniesTarget(new URL(text))) {
    throw invalidArgument(ids.denied, 'Errors.Target.DeniedURL');
  }
  return text;
}

/** A new key: what a caller is shown, and what the log keeps. */
function newSigningKey(call: Call): { readonly signingKey: string; readonly sealed: EncryptedValue } {
  const signingKey = randomBytes(24).toString('base64url');
  const Crypted = call.kernel.tokens.seal(signingKey);
  return { signingKey, sealed: { CryptoType: 0, Algorithm: 'aes', KeyID: 'targetKey', Crypted } };
}

/** The aggregate of a target. */
export function targetAggregate(call: Call, id: string) {
  return { aggregateType: 'target', aggregateId: id, resourceOwner: call.fresh.instance.id } as const;
}
