import { countOutbound, createHttpClient, createMetrics, metricTable, noMetrics } from '@drawbridge/kit';
import { expect, it, onTestFinished } from 'vitest';
import { loopback } from '../support/loopback.ts';

it('counts, sets and observes under fixed names and labels', async () => {
  const metrics = await createMetrics({ process: false });
  metrics.count('drawbridge_runs_total', { outcome: 'done' });
  metrics.count('drawbridge_runs_total', { outcome: 'done' }, 2);
  metrics.set('drawbridge_http_requests_in_flight', { server: 'runs' }, 7);
  metrics.add('drawbridge_http_requests_in_flight', { server: 'runs' }, -2);
  metrics.observe('drawbridge_run_step_duration_seconds', { step: 'user', outcome: 'ok' }, 0.02);
  const text = await metrics.text();
  expect(text).toContain('drawbridge_runs_total{outcome="done"} 3');
  expect(text).toContain('drawbridge_http_requests_in_flight{server="runs"} 5');
  expect(text).toContain(
    'drawbridge_run_step_duration_seconds_bucket{le="0.025",step="user",outcome="ok"} 1',
  );
  expect(metrics.contentType).toContain('text/plain');
});

it('keeps two processes in one apart, and can count nothing', async () => {
  const [one, other] = [await createMetrics(), await createMetrics({ process: false })];
  one.count('drawbridge_runs_total', { outcome: 'done' });
  noMetrics.count('drawbridge_runs_total', { outcome: 'done' });
  expect(await other.text()).not.toContain('outcome="done"');
  expect(await one.text()).toContain('process_resident_memory_bytes');
  expect(await noMetrics.text()).toBe('');
});

it('names every metric after Prometheus’ conventions', () => {
  for (const [name, info] of Object.entries(metricTable)) {
    expect(name).toMatch(/^drawbridge_[a-z_]+$/);
    expect(name.endsWith('_total'), name).toBe(info.type === 'counter');
    // Durations are in seconds and say so; a gauge may be one too, such as an age.
    if (info.type === 'histogram') expect(name, name).toMatch(/_seconds$/);
  }
});

it('counts the calls of an HTTP client by host, method and status', async () => {
  const metrics = await createMetrics({ process: false });
  const http = createHttpClient({ onCall: countOutbound(metrics) });
  onTestFinished(() => http.close());
  const server = await loopback((_request, response) => response.writeHead(204).end());
  await http.fetch(`http://127.0.0.1:${server.port}/users/42?code=s3cr3t`);
  const text = await metrics.text();
  expect(text).toContain(
    `drawbridge_outbound_requests_total{host="127.0.0.1:${server.port}",method="GET",status="204"} 1`,
  );
  expect(text).not.toContain('users');
});
