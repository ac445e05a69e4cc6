import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseAccept } from './accept.ts';
import type { Encoding } from './negotiate.ts';

/** How a body is sent. */
export interface Sending {
  /** Default 200. */
  readonly code?: number;
  readonly encoding: Encoding;
  /** Media type, where it is not that of the encoding. */
  readonly contentType?: string;
  /** Whether the body must not be squeezed, because a secret is in it. Default false. */
  readonly secret?: boolean;
}

const compress = promisify(gzip);
/** As kube-apiserver does: below, a packet more costs less than the work. */
const compressedFromBytes = 128 * 1024;
const indentedFor = /^(?:curl|Wget|Mozilla\/5\.0)/;

/** Sends a body as the caller can read it. */
export async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown,
  { code = 200, encoding, contentType, secret = false }: Sending,
): Promise<FastifyReply> {
  const text = await write(body, encoding, wantsIndent(request));
  void reply
    .status(code)
    .header('content-type', contentType ?? `application/${encoding}`)
    .serializer(asItIs);
  const bytes = Buffer.from(text);
  if (secret || bytes.length < compressedFromBytes) return reply.send(bytes);
  void reply.header('vary', 'Accept-Encoding');
  if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(bytes);
  return reply.header('content-encoding', 'gzip').send(await compress(bytes, { level: 1 }));
}

async function write(body: unknown, encoding: Encoding, indent: boolean): Promise<string> {
  if (encoding === 'json') return `${JSON.stringify(body, undefined, indent ? 2 : undefined)}\n`;
  const { stringify } = await import('yaml');
  return stringify(body, { lineWidth: 0, aliasDuplicateObjects: false });
}

function wantsIndent(request: FastifyRequest): boolean {
  const { pretty } = request.query as { readonly pretty?: unknown };
  if (pretty !== undefined) return pretty === 'true' || pretty === '1';
  return indentedFor.test(request.headers['user-agent'] ?? '');
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return parseAccept([header ?? ''].flat().join(',')).some(({ type }) => type === 'gzip' || type === '*');
}

/** fastify's type says that a serializer makes text; bytes pass as well. */
export function asItIs(payload: unknown): string {
  return payload as string;
}
