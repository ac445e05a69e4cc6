export { createLeasedToken, type LeasedToken, type LeasedTokenOptions } from './leased-token.ts';
