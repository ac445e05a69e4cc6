/** What kind of refusal it is, and the status that it is sent with (shared/management/http/util/util.go). */
const statusOf = {
  badRequest: 400,
  unauthorized: 401,
  denied: 403,
  notFound: 404,
  exists: 409,
  precondition: 412,
  invalid: 422,
  tooMany: 429,
  internal: 500,
} as const;

/** A refusal of the API. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** The text as it is sent. */
  readonly text: string;

  /** Texts of refusals are sent in lower case, names and ids in them too (shared/management/http/util/util.go, WriteError). */
  constructor(kind: keyof typeof statusOf, text: string, options: { readonly verbatim?: boolean } = {}) {
    super(text);
    this.status = statusOf[kind];
    this.text = options.verbatim ? text : text.toLowerCase();
  }
}

/** Nobody has that id (shared/management/status/error.go, NewUserNotFoundError). */
export function userNotFound(id: string): ApiError {
  return new ApiError('notFound', `user: ${id} not found`);
}

/** The role does not suffice (shared/management/status/error.go, NewPermissionDeniedError). */
export function permissionDenied(): ApiError {
  return new ApiError('denied', 'permission denied');
}

/** The body is no JSON of the right types (management/server/http/handlers). It is sent as it is written. */
export function badJson(): ApiError {
  return new ApiError('badRequest', "couldn't parse JSON request", { verbatim: true });
}
