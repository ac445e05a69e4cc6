export { type Account, type AccountKind, keySecretAnnotation } from './account.ts';
export { createGuard } from './guard.ts';
export { createKeyKeeper, type KeyRotationTimes } from './key-secret.ts';
export { createLocks } from './locks.ts';
export type { Plane, ReconcilerParts } from './parts.ts';
export { createProjectReconciler } from './project.ts';
export { createAccountReconciler, type ReconcileAccount } from './service-account.ts';
export { createUserReconciler } from './user.ts';
export { createUserDeactivationReconciler } from './user-deactivation.ts';
