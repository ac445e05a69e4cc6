export {
  createKeyRotation,
  type KeyRotation,
  type KeyRotationOptions,
  type RotationOutcome,
  type RotationPause,
} from './rotation.ts';
