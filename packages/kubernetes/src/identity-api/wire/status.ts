import { DrawbridgeError, type ErrorCode, type ErrorDetails, type ErrorFormat } from '@drawbridge/kit';

/** One of several things that are wrong with an object. */
export interface StatusCause {
  /** What Kubernetes calls it, such as `FieldValueRequired`. */
  readonly reason: string;
  readonly message: string;
  /** Path in the object, such as `spec.publicKey`. */
  readonly field?: string;
}

/** What an error is about. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  /** The plural of the resource; the kind where the object itself is invalid. */
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** How Kubernetes' servers tell of a failure, and of a deletion that succeeded. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** An error that knows what it is about, in Kubernetes' words. */
export class StatusError extends DrawbridgeError {
  override readonly name = 'StatusError';
  readonly details: StatusDetails | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details?: StatusDetails,
    more: Pick<ErrorDetails, 'cause'> = {},
  ) {
    super(code, { message, ...more });
    this.details = details;
  }
}

/** A resource as messages name it. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

const qualified = ({ plural, group }: ResourceName) => `${plural}.${group}`;
const about = ({ plural, group }: ResourceName, name: string): StatusDetails => ({
  name,
  group,
  kind: plural,
});

/** The object is not there, or is somebody else's: nobody is told which. */
export function objectNotFound(resource: ResourceName, name: string): StatusError {
  return new StatusError('not_found', `${qualified(resource)} "${name}" not found`, about(resource, name));
}

/** The caller may not. */
export function forbidden(
  resource: ResourceName,
  { name = '', user, verb, why }: { name?: string; user: string; verb: string; why?: string },
): StatusError {
  const object = name === '' ? qualified(resource) : `${qualified(resource)} "${name}"`;
  const sentence = `${object} is forbidden: User "${user}" cannot ${verb} resource "${resource.plural}" in API group "${resource.group}" at the cluster scope`;
  return new StatusError(
    'forbidden',
    why === undefined ? sentence : `${sentence}: ${why}`,
    about(resource, name),
  );
}

/** Nobody, or nobody whom we know. */
export function unauthorized(): StatusError {
  return new StatusError('unauthenticated', 'Unauthorized');
}

/** The request itself cannot be understood. */
export function badRequest(message: string): StatusError {
  return new StatusError('invalid_request', message);
}

/** The resource does not do that. */
export function notSupported(resource: ResourceName, action: string): StatusError {
  return new StatusError(
    'method_not_allowed',
    `${action} is not supported on resources of kind "${qualified(resource)}"`,
    { group: resource.group, kind: resource.plural },
  );
}

/** A precondition does not hold. */
export function conflict(resource: ResourceName, name: string, message: string): StatusError {
  return new StatusError(
    'conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${message}`,
    about(resource, name),
  );
}

/** The name is taken. */
export function alreadyExists(resource: ResourceName, name: string): StatusError {
  return new StatusError(
    'already_exists',
    `${qualified(resource)} "${name}" already exists`,
    about(resource, name),
  );
}

/** The object holds something that it must not. */
export function invalid(
  { kind, group }: Pick<ResourceName, 'kind' | 'group'>,
  name: string,
  causes: readonly StatusCause[],
): StatusError {
  const said = causes.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`));
  return new StatusError(
    'invalid_object',
    `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${said.length === 1 ? said[0] : `[${said.join(', ')}]`}`,
    { ...(name === '' ? {} : { name }), group, kind, causes },
  );
}

/** An error as Kubernetes' clients read it. What went wrong inside is in the log, and never in here. */
function statusOf(error: DrawbridgeError, requestId: string): Status {
  const { info } = error;
  const details = error instanceof StatusError ? error.details : undefined;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: messageOf(error, requestId),
    reason: info.reason,
    ...(details === undefined ? {} : { details }),
    code: info.status,
  };
}

function messageOf(error: DrawbridgeError, requestId: string): string {
  if (error instanceof StatusError) return error.message;
  if (error.code === 'too_large') return 'Request entity too large: limit is 3145728';
  if (error.code === 'method_not_allowed')
    return 'the server does not allow this method on the requested resource';
  if (error.info.status >= 500 && error.info.reason === 'InternalError')
    return `Internal error occurred: see the log of request ${requestId} (${error.code})`;
  return error.info.message;
}

/** How this server words errors: a Status; of a path that there is not, what Go's servers say of one. */
export const statusFormat: ErrorFormat = (error, requestId) => {
  if (error.code === 'not_found' && !(error instanceof StatusError))
    return { contentType: 'text/plain; charset=utf-8', body: '404 page not found\n' };
  return { contentType: 'application/json', body: `${JSON.stringify(statusOf(error, requestId))}\n` };
};
