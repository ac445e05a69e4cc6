import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../caller/index.ts';
import type { ContinueTokens, Query } from '../query/index.ts';
import type { Call, VirtualResource } from '../resources/index.ts';
import { type Negotiated, type Rendering, type ResourceName, readBody, send } from '../wire/index.ts';

/** One request about a resource, its caller known and its path read. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly caller: Caller;
  readonly resource: VirtualResource;
  /** The resource under the group that was asked. */
  readonly named: ResourceName;
  /** `group/version`. */
  readonly apiVersion: string;
  /** Name of the object; undefined for the collection. */
  readonly name: string | undefined;
  readonly query: Query;
  readonly negotiated: Negotiated;
  readonly continues: ContinueTokens;
  readonly signal: AbortSignal;
}

/** What a resource is told of the request. */
export function callOf({ caller, named, signal }: Exchange): Call {
  return { caller, resource: named, signal };
}

/** How answers about this resource are rendered. */
export function renderingOf({ apiVersion, named, resource, negotiated, query }: Exchange): Rendering {
  return {
    apiVersion,
    kind: named.kind,
    columns: resource.description.columns,
    negotiated,
    includeObject: query.get('includeObject') ?? undefined,
  };
}

/** The body, undefined where there is none. */
export async function bodyOf({ request }: Exchange): Promise<unknown> {
  const bytes = bytesOf(request);
  if (bytes.length === 0) return undefined;
  return (await readBody(bytes, request.headers['content-type'])).value;
}

/** The body as it came. */
export function bytesOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** Sends an answer in the encoding that was agreed on. */
export async function answer(
  { request, reply, negotiated }: Exchange,
  body: object,
  how: { readonly code?: number; readonly secret?: boolean } = {},
): Promise<FastifyReply> {
  return await send(request, reply, body, { ...how, encoding: negotiated.encoding });
}
