/**
 * Errors as Zitadel's API answers them: a gRPC code, a text that ends in the error's id, one detail
 * (internal/api/grpc/gerrors/zitadel_errors.go). Clients match on the id, never on the text.
 */

/** The gRPC codes in use, by the name that the Connect protocol gives them. */
export const rpcCodes = {
  canceled: { number: 1, http: 499, rest: 499 },
  unknown: { number: 2, http: 500, rest: 500 },
  invalid_argument: { number: 3, http: 400, rest: 400 },
  deadline_exceeded: { number: 4, http: 504, rest: 504 },
  not_found: { number: 5, http: 404, rest: 404 },
  already_exists: { number: 6, http: 409, rest: 409 },
  permission_denied: { number: 7, http: 403, rest: 403 },
  resource_exhausted: { number: 8, http: 429, rest: 429 },
  failed_precondition: { number: 9, http: 400, rest: 400 },
  unimplemented: { number: 12, http: 501, rest: 501 },
  internal: { number: 13, http: 500, rest: 500 },
  unavailable: { number: 14, http: 503, rest: 503 },
  unauthenticated: { number: 16, http: 401, rest: 401 },
} as const;

/** A gRPC code by its Connect name. */
export type RpcCode = keyof typeof rpcCodes;

/** Whether a text names a gRPC code. */
export function isRpcCode(text: string): text is RpcCode {
  return Object.hasOwn(rpcCodes, text);
}

/** An error of the emulated API; the edges write it in their own form. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: RpcCode;
  /** Such as `COMMAND-5gunjw0cd7`; absent where Zitadel sends no detail. */
  readonly id: string | undefined;
  /** The text without the id. */
  readonly text: string;
  /** Given where a password or code was wrong: the detail is then a CredentialsCheckError. */
  readonly failedAttempts: number | undefined;

  constructor(code: RpcCode, text: string, id?: string, failedAttempts?: number) {
    super(id ? `${text} (${id})` : text);
    this.code = code;
    this.text = text;
    this.id = id;
    this.failedAttempts = failedAttempts;
  }
}

export const notFound = (id: string, text: string) => new RpcError('not_found', text, id);
export const alreadyExists = (id: string, text: string) => new RpcError('already_exists', text, id);
export const failedPrecondition = (id: string, text: string) => new RpcError('failed_precondition', text, id);
export const invalidArgument = (id: string, text: string) => new RpcError('invalid_argument', text, id);
export const permissionDenied = (id: string, text: string) => new RpcError('permission_denied', text, id);
export const unauthenticated = (text: string, id?: string) => new RpcError('unauthenticated', text, id);

/** The detail message of an error, in protobuf: strings id = 1, message = 2, failed_attempts = 3 (proto/zitadel/message.proto). */
export function detailOf(error: RpcError): { readonly type: string; readonly bytes: Buffer } | undefined {
  if (error.id === undefined) return undefined;
  const fields = [stringField(1, error.id), stringField(2, error.text)];
  if (error.failedAttempts === undefined)
    return { type: 'zitadel.v1.ErrorDetail', bytes: Buffer.concat(fields) };
  fields.push(Buffer.from([0x18, ...varint(error.failedAttempts)]));
  return { type: 'zitadel.v1.CredentialsCheckError', bytes: Buffer.concat(fields) };
}

/** An error as google.rpc.Status: code = 1, message = 2, details = 3 of type Any{type_url = 1, value = 2}. */
export function statusBytes(error: RpcError): Buffer {
  const detail = detailOf(error);
  const fields = [Buffer.from([0x08, rpcCodes[error.code].number]), stringField(2, error.message)];
  if (detail) {
    const any = [stringField(1, `type.googleapis.com/${detail.type}`), bytesField(2, detail.bytes)];
    fields.push(bytesField(3, Buffer.concat(any)));
  }
  return Buffer.concat(fields);
}

function stringField(number: number, text: string): Buffer {
  return bytesField(number, Buffer.from(text));
}

function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}
