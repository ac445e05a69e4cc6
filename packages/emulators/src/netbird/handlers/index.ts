export type { Call, Handler } from './call.ts';
export { findHandler } from './table.ts';
