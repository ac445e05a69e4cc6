export { beginAnswer, forgetAnswer, keepWholeAnswer, type WholeAnswer } from './answers.ts';
export { claimKey, forgetIdempotencyKeys, type KeyedRequest, keepAnswer } from './keys.ts';
