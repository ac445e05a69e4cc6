export { NetbirdError } from './error.ts';
export { type CallOptions, createTransport, type Transport, type TransportOptions } from './transport.ts';
