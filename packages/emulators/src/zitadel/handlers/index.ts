export { authMethods, grantTypes } from './application-config.ts';
export { type Answer, Call, type Handler } from './call.ts';
export { handlers, v1Handlers } from './table.ts';
