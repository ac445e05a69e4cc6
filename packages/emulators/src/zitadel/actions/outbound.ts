import { type Fetch, type Logger, readText } from '@drawbridge/kit';
import { failedPrecondition, type RpcCode, RpcError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { TargetRow } from '../projections/index.ts';
import { isObject } from '../wire/index.ts';
import type { DenyList } from './deny-list.ts';
import { packBody, signatureHeader } from './pack.ts';

/** What calls out of the emulator go through. */
export interface Outbound {
  readonly fetch: Fetch;
  readonly denyList: DenyList;
  readonly logger: Logger;
  /** Aborted when the emulator stops. */
  readonly stopping: AbortSignal;
}

/**
 * Calls one target once: POST, JSON by its header whatever the body is, signed. Resolves with the reply's body.
 *
 * @throws {RpcError} EXEC-dra6yamk98 when it does not answer 2xx in time, EXEC-reUaUZCzCp or EXEC-bmhNhpcqpF when its
 *   answer says that the call is to fail
 */
export async function callTarget(
  kernel: Kernel,
  outbound: Outbound,
  target: TargetRow,
  json: string,
  signal: AbortSignal,
): Promise<string> {
  const url = new URL(target.fields.endpoint);
  if (await outbound.denyList.deniesNow(url)) {
    throw failedPrecondition('EXEC-dra6yamk98', 'Errors.Execution.Failed');
  }
  const body = await packBody(kernel, target, json);
  const key = kernel.tokens.open(target.signingKey) ?? '';
  const timeout = AbortSignal.timeout(target.fields.timeout / 1_000_000);
  let reply: string;
  try {
    const answer = await outbound.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'zitadel-signature': signatureHeader(key, body, kernel.now()),
      },
      body,
      signal: AbortSignal.any([signal, timeout, outbound.stopping]),
    });
    reply = await readText(answer);
    if (!answer.ok) throw new RangeError(`the target answered ${answer.status}`);
  } catch (error) {
    outbound.logger.info(
      { component: 'zitadel-emulator', url: url.origin, err: error },
      'calling a target failed',
    );
    throw failedPrecondition('EXEC-dra6yamk98', 'Errors.Execution.Failed');
  }
  throwForwarded(reply);
  return reply;
}

/**
 * A reply can ask that the API call fail, in the class of an HTTP status (internal/execution/execution.go); a status without
 * a class, such as 422, becomes `unknown`.
 */
function throwForwarded(reply: string): void {
  const { forwardedStatusCode: status, forwardedErrorMessage: text } = parseReply(reply) ?? {};
  const message = typeof text === 'string' ? text : '';
  if (typeof status !== 'number' && message === '') return;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    throw new RpcError(codes.get(status) ?? 'unknown', message, 'EXEC-reUaUZCzCp');
  }
  throw failedPrecondition('EXEC-bmhNhpcqpF', message);
}

const codes: ReadonlyMap<number, RpcCode> = new Map([
  [400, 'invalid_argument'],
  [401, 'unauthenticated'],
  [403, 'permission_denied'],
  [404, 'not_found'],
  [409, 'already_exists'],
  [412, 'failed_precondition'],
  [429, 'resource_exhausted'],
]);

/** A reply that is a JSON object, else nothing. */
export function parseReply(reply: string) {
  try {
    const value: unknown = JSON.parse(reply);
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON, so it says nothing.
    return undefined;
  }
}
