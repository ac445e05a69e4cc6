export { type ClientCertificate, clientCertificate } from './client-certificate.ts';
export { createHttpServer, type HttpServer, type HttpServerOptions } from './http-server.ts';
export { defaultLimits, type ServerLimits } from './limits.ts';
export type { Check } from './probes.ts';
export {
  type ErrorBody,
  type ErrorFormat,
  type Problem9457,
  problemContentType,
  toProblem,
} from './problem.ts';
export type { TlsFiles } from './tls.ts';
