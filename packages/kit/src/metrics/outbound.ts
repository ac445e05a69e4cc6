import type { HttpClientOptions } from '../http/index.ts';
import type { Metrics } from './metrics.ts';

/**
 * What an HTTP client calls to have its calls counted and timed.
 *
 * @example
 * ```ts
 * import { countOutbound, createHttpClient, createMetrics } from '@drawbridge/kit';
 *
 * const http = createHttpClient({ onCall: countOutbound(await createMetrics()) });
 * await http.close();
 * ```
 */
export function countOutbound(metrics: Metrics): NonNullable<HttpClientOptions['onCall']> {
  return ({ url, method, status, ms }) => {
    const labels = { host: url.host, method };
    metrics.count('drawbridge_outbound_requests_total', { ...labels, status: String(status) });
    metrics.observe('drawbridge_outbound_request_duration_seconds', labels, ms / 1_000);
  };
}
