export { type GrpcCode, hasId, ZitadelError } from './error.ts';
export { decodeErrorDetail } from './error-detail.ts';
export { type FailedAnswer, translateAnswer } from './translate.ts';
export {
  type CallOptions,
  createTransport,
  type TokenPort,
  type Transport,
  type TransportCall,
  type TransportOptions,
} from './transport.ts';
