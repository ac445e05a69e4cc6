import { type CallOptions, DrawbridgeError } from '@drawbridge/kit';
import type { Connection } from './connection.ts';
import { isRecord } from './reading.ts';

/** Whether somebody may do something. All that is known of the person goes along: authorizers decide by extras too. */
export interface AccessReviewSpec {
  readonly user: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly resourceAttributes: {
    readonly verb: string;
    readonly group: string;
    readonly version?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

/** What the cluster says. */
export interface AccessReviewStatus {
  readonly allowed: boolean;
  /** For people, as the authorizer put it. */
  readonly reason?: string;
}

/**
 * Asks the cluster's authorizers. Anything but a clear yes is a no.
 *
 * @throws {DrawbridgeError} what calls throw: without an answer nothing is allowed
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1/
 */
export async function reviewAccess(
  connection: Connection,
  question: AccessReviewSpec,
  options?: CallOptions,
): Promise<AccessReviewStatus> {
  const answer = await connection.call(
    {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: question },
      // It is a question, whatever its method.
      repeatable: true,
    },
    options,
  );
  const status = isRecord(answer) ? answer.status : undefined;
  if (!isRecord(status) || typeof status.allowed !== 'boolean') {
    throw new DrawbridgeError('invalid_response', {
      message: 'The answer about access is no SubjectAccessReview.',
    });
  }
  const { reason } = status;
  return {
    allowed: status.allowed && status.denied !== true,
    ...(typeof reason === 'string' && reason !== '' ? { reason } : {}),
  };
}
