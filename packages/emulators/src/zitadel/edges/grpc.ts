import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DescMethod } from '@bufbuild/protobuf';
import { RpcError, rpcCodes, statusBytes } from '../errors.ts';
import { handlers, v1Handlers } from '../handlers/index.ts';
import type { Kernel } from '../kernel.ts';
import { isObject } from '../wire/index.ts';
import { asRpcError, invoke } from './connect.ts';
import { findMethod } from './grpc-descriptors.ts';
import { type Exchange, readBytes } from './http.ts';

const flag = { compressed: 0x01, trailers: 0x80 } as const;

/** Whether a request is gRPC (over HTTP/2) or gRPC-Web (over either). */
export function isGrpc(request: IncomingMessage): boolean {
  return request.headers['content-type']?.startsWith('application/grpc') ?? false;
}

/**
 * Serves one unary gRPC or gRPC-Web call: the bytes become protojson, the handlers are those of the other edges, and their
 * answer becomes bytes again (grpc/doc/PROTOCOL-HTTP2.md, PROTOCOL-WEB.md). Only services that @zitadel/proto describes.
 */
export async function serveGrpc(kernel: Kernel, exchange: Exchange, issuer: string): Promise<void> {
  const { request, response } = exchange;
  const procedure = exchange.url.pathname.slice(1);
  try {
    const handler = handlers.get(procedure) ?? v1Handlers.get(procedure);
    const method = await findMethod(procedure);
    if (!handler || !method) throw new RpcError('unimplemented', `unknown method ${procedure}`);
    const { fromBinary, fromJson, toBinary, toJson } = await import('@bufbuild/protobuf');
    const asked = toJson(method.input, fromBinary(method.input, unframe(await readBytes(request))));
    const body = isObject(asked) ? asked : {};
    const answer = await invoke(kernel, { procedure, handler }, exchange, issuer, body);
    // Newer servers answer fields that these descriptors do not know.
    const message = fromJson(method.output, answer as JsonOf<typeof method>, { ignoreUnknownFields: true });
    begin(exchange);
    response.write(frame(0, toBinary(method.output, message)));
    finish(exchange, { 'grpc-status': '0' });
  } catch (error) {
    sendGrpcError(exchange, asRpcError(error));
  }
}

type JsonOf<M extends DescMethod> = Parameters<typeof import('@bufbuild/protobuf').fromJson<M['output']>>[1];

/** An error as trailers: status, text, and the details as google.rpc.Status. */
export function sendGrpcError(exchange: Exchange, error: RpcError): void {
  if (exchange.response.destroyed || exchange.response.headersSent) return;
  begin(exchange);
  finish(exchange, {
    'grpc-status': String(rpcCodes[error.code].number),
    'grpc-message': encodeURIComponent(error.message),
    ...(error.id === undefined
      ? {}
      : { 'grpc-status-details-bin': statusBytes(error).toString('base64').replace(/=+$/, '') }),
  });
}

function begin({ request, response }: Exchange): void {
  const type = request.headers['content-type'] ?? 'application/grpc';
  response.writeHead(200, { 'content-type': type, 'grpc-accept-encoding': 'identity' });
}

/** Ends an answer: with HTTP's trailers, or in the body for gRPC-Web. */
function finish({ request, response }: Exchange, trailers: Readonly<Record<string, string>>): void {
  if (isWeb(request)) {
    const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${value}\r\n`);
    response.end(frame(flag.trailers, Buffer.from(lines.join(''))));
    return;
  }
  (response as Pick<ServerResponse, 'addTrailers'>).addTrailers(trailers);
  response.end();
}

function isWeb(request: IncomingMessage): boolean {
  return request.headers['content-type']?.startsWith('application/grpc-web') ?? false;
}

function frame(flags: number, message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The message of a unary call. */
function unframe(bytes: Buffer): Uint8Array {
  if (bytes.length < 5 || bytes.readUInt32BE(1) !== bytes.length - 5) {
    throw new RpcError('invalid_argument', 'the body is not one length-prefixed message');
  }
  if (bytes.readUInt8(0) & flag.compressed) {
    throw new RpcError('unimplemented', 'compressed messages are not taken');
  }
  return bytes.subarray(5);
}
