import { AsyncLocalStorage } from 'node:async_hooks';
import { createHttpClient, createHttpServer, currentRequestId, withRequestId } from '@drawbridge/kit';
import {
  type Context,
  type ContextManager,
  context,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { expect, it, onTestFinished } from 'vitest';
import { loopback } from '../support/loopback.ts';

/** What an OpenTelemetry SDK would register: contexts that survive awaits, and W3C trace headers. */
function registerTracing(): void {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (ctx, work, self, ...args) => storage.run(ctx, () => work.apply(self, args)),
    bind: (_ctx, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  const propagator: TextMapPropagator = {
    fields: () => ['traceparent'],
    extract: (ctx) => ctx,
    inject: (ctx, carrier, setter) => {
      const span = trace.getSpanContext(ctx);
      if (span) setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`);
    },
  };
  context.setGlobalContextManager(manager);
  propagation.setGlobalPropagator(propagator);
  onTestFinished(() => {
    context.disable();
    propagation.disable();
  });
}

it('sends the trace of the work that makes the call, across awaits and among concurrent ones', async () => {
  registerTracing();
  const server = await loopback((_request, response) => response.end());
  const http = createHttpClient();
  onTestFinished(() => http.close());
  const call = (digit: string) => {
    const span = { traceId: digit.repeat(32), spanId: digit.repeat(16), traceFlags: TraceFlags.SAMPLED };
    return context.with(trace.setSpanContext(ROOT_CONTEXT, span), async () => {
      await Promise.resolve();
      await http.fetch(`http://127.0.0.1:${server.port}/${digit}`);
    });
  };
  await Promise.all([call('1'), call('2'), http.fetch(`http://127.0.0.1:${server.port}/none`)]);
  const sent = Object.fromEntries(server.requests.map(({ url, headers }) => [url, headers.traceparent]));
  expect(sent).toEqual({
    '/1': `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
    '/2': `00-${'2'.repeat(32)}-${'2'.repeat(16)}-01`,
    '/none': undefined,
  });
});

it('one request id leads from a request to the calls made for it', async () => {
  const upstream = await loopback((_request, response) => response.end());
  const http = createHttpClient();
  const server = await createHttpServer({ name: 'test', port: 0 });
  server.app.get('/', async () => {
    await http.fetch(`http://127.0.0.1:${upstream.port}/`);
    return { id: currentRequestId() };
  });
  await server.start();
  onTestFinished(async () => {
    await server.stop();
    await http.close();
  });
  const answer = await fetch(server.url, { headers: { 'x-request-id': 'from-the-caller' } });
  expect(await answer.json()).toEqual({ id: 'from-the-caller' });
  expect(upstream.requests[0]?.headers['x-request-id']).toBe('from-the-caller');
  expect(currentRequestId()).toBeUndefined();
  expect(withRequestId('a', () => currentRequestId())).toBe('a');
});
