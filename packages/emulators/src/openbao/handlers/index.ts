export {
  type Call,
  type Caller,
  capabilityOf,
  type Fields,
  type Operation,
  type Reply,
} from './call.ts';
export { wrongKvPath } from './kv.ts';
export { version } from './system.ts';
export { type Backend, backendOf, findRoute } from './table.ts';
