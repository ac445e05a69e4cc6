import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../access.ts';
import { RpcError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { JsonObject } from '../wire/index.ts';
import { targetsOfCall } from './match.ts';
import { parseReply } from './outbound.ts';
import { type Runner, runTargets } from './run.ts';

/** An API call that targets may look at and change. */
export interface InterceptedCall {
  /** As in `zitadel.user.v2.UserService/CreateUser`. */
  readonly procedure: string;
  readonly caller: Caller;
  readonly headers: IncomingHttpHeaders;
}

/** The only headers that go along (internal/api/grpc/server/connect_middleware/execution_interceptor.go). */
const forwardedHeaders = ['Content-Type', 'Host', 'Origin', 'X-Forwarded-For', 'X-Forwarded-Host'];

/**
 * Runs the targets of a request before its handler and returns the request to go on with.
 *
 * @throws {RpcError} what an interrupting target failed with
 */
export async function interceptRequest(
  runner: Runner,
  call: InterceptedCall,
  request: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { kernel } = runner;
  const targets = targetsOfCall(kernel.lagging, 'request', call.procedure, kernel.controls.quirks);
  if (targets.length === 0) return request;
  let present = request;
  await runTargets(
    runner,
    targets,
    {
      cause: call.procedure,
      isEvent: false,
      body: () => JSON.stringify({ ...contextOf(kernel, call), request: present, headers: headersOf(call) }),
      take: (reply) => {
        present = replacement(reply);
      },
    },
    signal,
  );
  return present;
}

/** Runs the targets of a response after its handler and returns the response to send. */
export async function interceptResponse(
  runner: Runner,
  call: InterceptedCall,
  request: JsonObject,
  response: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const { kernel } = runner;
  const targets = targetsOfCall(kernel.lagging, 'response', call.procedure, kernel.controls.quirks);
  if (targets.length === 0) return response;
  let present = response;
  await runTargets(
    runner,
    targets,
    {
      cause: call.procedure,
      isEvent: false,
      body: () =>
        JSON.stringify({
          ...contextOf(kernel, call),
          request,
          response: present,
          headers: headersOf(call),
        }),
      take: (reply) => {
        present = replacement(reply);
      },
    },
    signal,
  );
  return present;
}

function contextOf(kernel: Kernel, { procedure, caller }: InterceptedCall): JsonObject {
  const projectID = kernel.fresh.clients.get(caller.clientId)?.projectId;
  return {
    fullMethod: `/${procedure}`,
    instanceID: kernel.fresh.instance.id,
    orgID: caller.contextOrganizationId,
    ...(projectID === undefined ? {} : { projectID }),
    userID: caller.userId,
  };
}

function headersOf({ headers }: InterceptedCall): JsonObject {
  return Object.fromEntries(
    forwardedHeaders.flatMap((name) => {
      const value = headers[name.toLowerCase()];
      return value === undefined ? [] : [[name, typeof value === 'string' ? [value] : value]];
    }),
  );
}

/** A reply takes the place of the whole message. */
function replacement(reply: string): JsonObject {
  const message = parseReply(reply);
  if (!message) throw new RpcError('unknown', 'proto: syntax error in the reply of a target');
  return message;
}
