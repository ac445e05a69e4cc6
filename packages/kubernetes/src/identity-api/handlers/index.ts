export { dispatch } from './dispatch.ts';
export type { Exchange } from './exchange.ts';
