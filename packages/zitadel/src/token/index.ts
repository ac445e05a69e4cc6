export {
  type AssertionKey,
  type AssertionOptions,
  assertionBackdateSeconds,
  assertionLifeSeconds,
  signAssertion,
} from './assertion.ts';
export { describeClockSkew } from './clock-skew.ts';
export { apiScope, basic, type IssuedToken, requestToken, type TokenRequestOptions } from './endpoint.ts';
export { createTokenSource, type TokenSource, type TokenSourceOptions } from './source.ts';
