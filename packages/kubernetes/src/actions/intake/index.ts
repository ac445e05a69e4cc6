export { Intake } from './intake.ts';
export { type KeyRingOptions, openKeyRing } from './key-ring.ts';
export { createProof, type Proof } from './proof.ts';
