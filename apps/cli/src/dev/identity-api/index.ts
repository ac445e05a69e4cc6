export { type DevIdentityApi, openIdentityApi } from './open.ts';
