import type { Caller } from '../caller/index.ts';

/** What somebody wants to do. */
export interface AccessQuestion {
  readonly caller: Caller;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Absent for all of them. */
  readonly name?: string;
  /** The project in whose control plane is asked; absent for the core one. */
  readonly project?: string;
}

/** What Kubernetes says to it. */
export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reason?: string;
}

/**
 * Asks Kubernetes' authorizer (a SubjectAccessReview), with everything that is known of the caller: groups and extras decide as well.
 *
 * @throws {DrawbridgeError} when it cannot be asked, which is never a yes
 */
export type SubjectAccess = (question: AccessQuestion, signal: AbortSignal) => Promise<AccessAnswer>;
