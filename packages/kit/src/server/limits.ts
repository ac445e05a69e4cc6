/** What one server accepts at most. Sizes in bytes, times in milliseconds. */
export interface ServerLimits {
  /** Request line and headers together. Default 16 KiB; more is answered with 431. */
  readonly headerBytes: number;
  /** Request body. Default 1 MiB; more is answered with 413. */
  readonly bodyBytes: number;
  /** Nesting of a JSON body. Default 64. */
  readonly jsonDepth: number;
  /** Until all headers have arrived. Default 10,000; later is answered with 408. */
  readonly headersMs: number;
  /** Until the whole request has arrived. Default 30,000; later is answered with 408. */
  readonly requestMs: number;
  /** Between two requests on one connection. Default 75,000, longer than the usual load balancer keeps one. */
  readonly idleMs: number;
  /** For requests in flight when the server stops. Default 10,000; then their connections are closed. */
  readonly drainMs: number;
}

export const defaultLimits: ServerLimits = Object.freeze({
  headerBytes: 16 * 1024,
  bodyBytes: 1024 * 1024,
  jsonDepth: 64,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 75_000,
  drainMs: 10_000,
});
