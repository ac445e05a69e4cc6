import { DrawbridgeError } from '@drawbridge/kit';
import type { ReviewedUser } from './identity.ts';

/** The version that is spoken. */
const apiVersion = 'authentication.k8s.io/v1';

/** What kube-apiserver asks. */
export interface TokenReviewRequest {
  readonly token: string;
  /** Audiences of which the token has to be for one. kube-apiserver sends its own. */
  readonly audiences: readonly string[];
}

/** What it is told. A refusal has no `error`: with one, kube-apiserver would not remember it. */
export type TokenReviewStatus =
  | { readonly authenticated: false }
  | {
      readonly authenticated: true;
      readonly user: ReviewedUser;
      /** Left out only where no audience was asked about and the token is for any. */
      readonly audiences?: readonly string[];
    };

/** An answer; the request's `spec` is left out of it, since that is where the token stands. */
export interface TokenReviewAnswer {
  readonly apiVersion: typeof apiVersion;
  readonly kind: 'TokenReview';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: TokenReviewStatus;
}

/** An error as Kubernetes' clients read and log it. */
export interface StatusAnswer {
  readonly apiVersion: 'v1';
  readonly kind: 'Status';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly code: number;
}

const mostAudiences = 100;

/**
 * Reads a review. What is wrong is told without repeating any of it, since the token is in there.
 *
 * @throws {DrawbridgeError} `invalid_request`
 */
export function readTokenReview(body: unknown): TokenReviewRequest {
  if (!isRecord(body) || body.kind !== 'TokenReview') throw refused('The body is no TokenReview.');
  if (body.apiVersion === 'authentication.k8s.io/v1beta1') {
    throw refused(
      'TokenReview v1beta1 is not served: start kube-apiserver with --authentication-token-webhook-version=v1, whose default is v1beta1.',
    );
  }
  if (body.apiVersion !== apiVersion) throw refused(`Only TokenReviews of ${apiVersion} are served.`);
  const { spec } = body;
  if (!isRecord(spec) || typeof spec.token !== 'string') throw refused('The review has no spec.token.');
  const audiences = spec.audiences ?? [];
  if (!isTexts(audiences) || audiences.length > mostAudiences)
    throw refused(`spec.audiences is no list of at most ${mostAudiences} texts.`);
  return { token: spec.token, audiences };
}

export function answerOf(status: TokenReviewStatus): TokenReviewAnswer {
  return { apiVersion, kind: 'TokenReview', metadata: {}, status };
}

export function statusAnswer(code: number, reason: string, message: string): StatusAnswer {
  return { apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Failure', message, reason, code };
}

function refused(message: string): DrawbridgeError {
  return new DrawbridgeError('invalid_request', { message });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
