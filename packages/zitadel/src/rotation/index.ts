export {
  keyFileOf as serviceAccountKeyFile,
  makePair as makeKeyPair,
  type Pair as KeyPair,
  proveKey as proveServiceAccountKey,
} from './new-key.ts';
export {
  createKeyRotation,
  type KeyRotation,
  type KeyRotationOptions,
  type RotationOutcome,
  type RotationPause,
} from './rotation.ts';
