/** Exit codes of the command: 1 failed, 2 usage, 3 not signed in, 4 refused, 5 unreachable. */
export type ExitCode = 1 | 2 | 3 | 4 | 5;

/** `reason` of a Kubernetes Status, as `k8s.io/apimachinery` spells them. */
export type KubernetesReason =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Invalid'
  | 'Expired'
  | 'Gone'
  | 'Timeout'
  | 'TooManyRequests'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'NotAcceptable'
  | 'MethodNotAllowed'
  | 'InternalError'
  | 'ServiceUnavailable';

/** What one error code means at every boundary. */
export interface CodeInfo {
  /** HTTP status of a problem document that carries this code. */
  readonly status: number;
  /** Exit code of the command that ends with it. */
  readonly exit: ExitCode;
  /** Reason in a Kubernetes Status. */
  readonly reason: KubernetesReason;
  /** One sentence for a person, used where the thrower has nothing more exact to say. */
  readonly message: string;
  /** What to do about it, when that does not depend on the case. */
  readonly fix?: string;
}
