export { type AudienceMap, parseAudienceMap } from './audiences.ts';
export type { ReviewedUser, UserMapping } from './identity.ts';
export { createTokenReviewer, type TokenReviewer, type TokenReviewerOptions } from './reviewer.ts';
export {
  createRevocationReader,
  type RevocationReader,
  type RevocationReaderOptions,
} from './revocations.ts';
export { addTokenReviewRoute, type TokenReviewRoute, tokenReviewPath } from './route.ts';
export {
  createTokenReviewWebhook,
  type TokenReviewWebhook,
  type TokenReviewWebhookOptions,
} from './webhook.ts';
export type { TokenReviewRequest, TokenReviewStatus } from './wire.ts';
