export type { Fault, SeenRequest } from './faults.ts';
export type { ServedKind } from './kinds.ts';
export { type ApiServer, type ApiServerOptions, startApiServer } from './server.ts';
