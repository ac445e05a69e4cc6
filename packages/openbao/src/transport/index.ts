export { OpenbaoError } from './error.ts';
export {
  type CallOptions,
  createTransport,
  type RequestShape,
  type TokenProvider,
  type Transport,
  type TransportOptions,
} from './transport.ts';
