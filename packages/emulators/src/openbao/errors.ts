/** A refusal as it is sent: a status and texts (sdk/logical/response_util.go). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly texts: readonly string[];
  /** A whole body in place of `{errors}`. */
  readonly body: unknown;

  constructor(status: number, texts: readonly string[] = [], body?: unknown) {
    super(texts.join('; ') || `status ${status}`);
    this.status = status;
    this.texts = texts;
    this.body = body;
  }
}

/** A value is wrong, or what it is about is not so. */
export function badRequest(text: string): ApiError {
  return new ApiError(400, [text]);
}

/** There is nothing: 404 without a word. */
export function nothingThere(): ApiError {
  return new ApiError(404);
}

/** No token, or one that does not live (vault/request_handling.go). */
export function noToken(): ApiError {
  return new ApiError(403, ['permission denied']);
}

/** No policy allows it. The text is that of Go's list of errors (vault/request_handling.go). */
export function deniedByPolicy(): ApiError {
  return new ApiError(403, [listed('permission denied')]);
}

/** Nothing is mounted at the path (vault/routing/router.go). */
export function noRoute(path: string): ApiError {
  return new ApiError(404, [`no handler for route "${path}". route entry not found.`]);
}

/** The mount does not know the path (sdk/framework/backend.go). */
export function unsupportedPath(): ApiError {
  return new ApiError(404, [listed('unsupported path')]);
}

/** The path does not take the operation (sdk/framework/backend.go). */
export function unsupportedOperation(): ApiError {
  return new ApiError(405, [listed('unsupported operation')]);
}

function listed(text: string): string {
  return `1 error occurred:\n\t* ${text}\n\n`;
}
