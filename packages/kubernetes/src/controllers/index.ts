export { type AccessRule, controllerAccess } from './access.ts';
export { type Controllers, type ControllersOptions, createControllers } from './controllers.ts';
export { type KeyRotationTimes, keySecretAnnotation } from './reconcilers/index.ts';
export { createElector, type Elector, type ElectorOptions, type Leadership } from './runtime/index.ts';
