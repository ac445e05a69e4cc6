import { type Logger, type Metrics, noMetrics, silentLogger } from '@drawbridge/kit';
import type { InactiveReason, TokenVerifier } from '@drawbridge/zitadel';
import { type AudienceMap, audiencesOf } from './audiences.ts';
import { type NobodyReason, settleMapping, type UserMapping, userOf } from './identity.ts';
import type { TokenReviewRequest, TokenReviewStatus } from './wire.ts';

/** What tokens are proved with, and what they become. */
export interface TokenReviewerOptions {
  /** Verifies tokens for exactly the ids of {@link TokenReviewerOptions.audiences}. */
  readonly verifier: TokenVerifier;
  readonly audiences: AudienceMap;
  readonly mapping?: UserMapping;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** What one review may be told. */
export interface ReviewOptions {
  readonly signal?: AbortSignal;
  /** Who asks, for the limit on unknown tokens. */
  readonly source?: string;
}

/** Answers TokenReviews. */
export interface TokenReviewer {
  /**
   * @throws {DrawbridgeError} what the verifier throws when it cannot tell: `unreachable`, `timeout`, `rate_limited`,
   * `credentials_refused`. That is an outage, and no answer about the token
   */
  review(request: TokenReviewRequest, options?: ReviewOptions): Promise<TokenReviewStatus>;
}

type Denied = InactiveReason | NobodyReason | 'audience_not_asked';

/**
 * Makes what answers TokenReviews: a verified token becomes a user, everything else is refused without a reason. Reasons
 * are for logs (`code`) and the metric `drawbridge_token_reviews_total`; tokens stand in neither.
 *
 * @throws {DrawbridgeError} `invalid_settings` for a prefix that begins with `system:`
 * @example
 * ```ts
 * import { createTokenReviewer, parseAudienceMap } from '@drawbridge/kubernetes';
 * import type { TokenVerifier } from '@drawbridge/zitadel';
 *
 * declare const verifier: TokenVerifier;
 * const reviewer = createTokenReviewer({ verifier, audiences: parseAudienceMap(['322011']) });
 * const status = await reviewer.review({ token: 'eyJ…', audiences: ['https://kubernetes.default.svc'] });
 * console.log(status.authenticated ? status.user.username : 'nobody');
 * ```
 */
export function createTokenReviewer(options: TokenReviewerOptions): TokenReviewer {
  const { verifier, audiences, logger = silentLogger, metrics = noMetrics } = options;
  const mapping = settleMapping(options.mapping ?? {});
  const count = (outcome: 'accepted' | 'denied' | 'unavailable', reason: Denied | '') =>
    metrics.count('drawbridge_token_reviews_total', { outcome, reason });
  const deny = (reason: Denied): TokenReviewStatus => {
    count('denied', reason);
    logger.info({ component: 'authn-webhook', code: reason }, 'a token was not accepted');
    return { authenticated: false };
  };
  const verify = async ({ token }: TokenReviewRequest, call: ReviewOptions) => {
    try {
      return await verifier.verify(token, call);
    } catch (error) {
      count('unavailable', '');
      throw error;
    }
  };
  return {
    async review(request, call = {}) {
      const answer = await verify(request, call);
      if (!answer.active) return deny(answer.reason);
      const accepted = audiencesOf(answer.audiences, request.audiences, audiences);
      if (!accepted) return deny('audience_not_asked');
      const user = userOf(answer.claims, mapping);
      if ('nobody' in user) return deny(user.nobody);
      count('accepted', '');
      return { authenticated: true, user, ...(accepted.length > 0 ? { audiences: accepted } : {}) };
    },
  };
}
