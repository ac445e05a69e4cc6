export { type KeyOptions, secretKeysOf } from './keys.ts';
export { createSealer, isSealed, type SealedPlace, type Sealer, type SealerOptions } from './sealer.ts';
