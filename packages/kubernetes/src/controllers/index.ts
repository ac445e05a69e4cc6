export { type AccessRule, controllerAccess } from './access.ts';
