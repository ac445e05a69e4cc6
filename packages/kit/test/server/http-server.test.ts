import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  createHttpServer,
  createLogger,
  createMetrics,
  DrawbridgeError,
  type HttpServer,
  type HttpServerOptions,
  type Problem9457,
} from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../support/until.ts';

async function serve(
  routes: (app: HttpServer['app'], server: HttpServer) => void,
  options: Partial<HttpServerOptions> = {},
): Promise<HttpServer> {
  const server = await createHttpServer({ name: 'test', port: 0, ...options });
  routes(server.app, server);
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}

/** Sends bytes as they are and collects what comes back until the connection is closed. */
async function raw(server: HttpServer, bytes: string, end = false): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(bytes);
  if (end) socket.end();
  return text(socket);
}

const json = { 'content-type': 'application/json' };

describe('problem details', () => {
  it('carry code, status and request id for every kind of failure', async () => {
    const server = await serve((app) => {
      app.get('/boom', async () => {
        throw new Error('connection string postgres://s3cr3t');
      });
      app.get('/own', async () => {
        throw new DrawbridgeError('rate_limited', { message: 'Slow down.', retryAfterSeconds: 1.2 });
      });
      app.post('/body', { schema: { body: { type: 'object', required: ['name'] } } }, async () => ({}));
      app.get('/users/:id', async () => ({}));
    });
    const ask = async (path: string, init: RequestInit = {}) => {
      const answer = await fetch(`${server.url}${path}`, init);
      const body = (await answer.json()) as Problem9457;
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(body).toMatchObject({ status: answer.status, requestId: answer.headers.get('x-request-id') });
      expect(body.type).toBe(`urn:drawbridge:error:${body.code}`);
      return { code: body.code, body, headers: answer.headers };
    };
    const post = (body: string, headers: Record<string, string> = json) =>
      ask('/body', { method: 'POST', headers, body });

    const boom = await ask('/boom');
    expect([boom.code, JSON.stringify(boom.body).includes('s3cr3t')]).toEqual(['internal', false]);
    const own = await ask('/own');
    expect(own.body).toMatchObject({ code: 'rate_limited', detail: 'Slow down.', retryAfter: 1.2 });
    expect(own.headers.get('retry-after')).toBe('2');
    expect((await post('{"nam')).code).toBe('invalid_request');
    expect((await post('')).code).toBe('invalid_request');
    expect((await post('{"__proto__":{"a":1},"name":1}')).code).toBe('invalid_request');
    expect((await post('x', { 'content-type': 'text/csv' })).code).toBe('unsupported_media_type');
    expect((await post(JSON.stringify({ name: 'x'.repeat(1_100_000) }))).code).toBe('too_large');
    expect((await post('{}')).body.problems).toEqual([
      { field: 'body', message: "must have required property 'name'" },
    ]);
    expect((await ask('/nothing')).code).toBe('not_found');
    expect((await ask('/users/%E0%A4%A')).code).toBe('invalid_request');
    const wrong = await ask('/users/7', { method: 'DELETE' });
    expect([wrong.code, wrong.headers.get('allow')]).toEqual(['method_not_allowed', 'GET, HEAD']);
  });

  it('S50 refuses bodies nested deeper than the limit, brackets in strings aside', async () => {
    const server = await serve((app) => app.post('/', async ({ body }) => ({ body })));
    const post = async (body: string) =>
      (await fetch(server.url, { method: 'POST', headers: json, body })).status;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), fc.string(), async (depth, word) => {
        const status = await post(
          `${'['.repeat(depth)}${JSON.stringify(`[[[["${word}`)}${']'.repeat(depth)}`,
        );
        expect(status).toBe(depth <= 64 ? 200 : 400);
      }),
      { numRuns: 30 },
    );
    expect(await post('['.repeat(1_000_000))).toBe(400);
  });
});

describe('limits on the wire', () => {
  it('answers headers that are too large with 431 and bytes that are no request with 400', async () => {
    const server = await serve((app) => app.get('/', async () => 'ok'), { limits: { headerBytes: 2_000 } });
    const large = await raw(server, `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(3_000)}\r\n\r\n`);
    expect(large).toMatch(/^HTTP\/1.1 431 /);
    expect(large).toContain('"code":"headers_too_large"');
    expect(await raw(server, 'NONSENSE\r\n\r\n')).toContain('"code":"invalid_request"');
  });

  it('S50, F6 closes a connection whose request does not arrive, or that stays idle', async () => {
    const server = await serve((app) => app.get('/', async () => 'ok'), {
      limits: { headersMs: 100, requestMs: 200, idleMs: 100 },
    });
    const slow = await raw(server, 'GET / HTTP/1.1\r\nhost: a\r\n');
    expect(slow).toContain('"code":"request_timeout"');
    const idle = await raw(server, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    expect(idle).toMatch(/^HTTP\/1.1 200 /);
  });

  it('shows repeated headers as they were sent', async () => {
    const server = await serve((app) => app.get('/', async ({ raw: { rawHeaders } }) => rawHeaders));
    const answer = await raw(
      server,
      'GET / HTTP/1.1\r\nHost: a\r\nX-Group: a\r\nX-Group: b\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toContain('"X-Group","a","X-Group","b"');
  });
});

describe('request id, log and metrics', () => {
  it('keeps a sane id of the caller and replaces any other', async () => {
    const server = await serve((app) => app.get('/', async ({ id }) => id));
    const ask = async (id: string) =>
      (await fetch(server.url, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await ask('a.b-c_1:2')).toBe('a.b-c_1:2');
    for (const bad of ['a b', '<script>', 'x'.repeat(129), '{"a":1}'])
      expect(await ask(bad)).toMatch(/^[0-9a-z]{26}$/);
  });

  it('S32 writes one line a request without its query, and counts by route', async () => {
    const lines: string[] = [];
    const metrics = await createMetrics({ process: false });
    const logger = createLogger({ destination: { write: (line) => lines.push(line) } });
    const server = await serve((app) => app.get('/users/:id', async () => 'ok'), { logger, metrics });
    await fetch(`${server.url}/users/42?code=s3cr3t`, { headers: { 'x-request-id': 'r-1' } });
    await fetch(`${server.url}/livez`);
    await until(() => lines.some((line) => line.includes('"r-1"')));
    const requests = lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'request');
    expect(requests).toEqual([
      expect.objectContaining({
        request_id: 'r-1',
        method: 'GET',
        path: '/users/42',
        status: 200,
        component: 'test',
      }),
    ]);
    expect(lines.join('')).not.toContain('s3cr3t');
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain(
      'drawbridge_http_requests_total{server="test",method="GET",route="/users/:id",status="200"} 1',
    );
    expect(text).not.toContain('/users/42');
  });
});

describe('probes', () => {
  it('says which check failed, not why', async () => {
    let up = false;
    const server = await serve(() => undefined, {
      checks: {
        database: async () => {
          if (!up) throw new Error('s3cr3t');
        },
        issuer: async () => undefined,
      },
    });
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    const failing = await fetch(`${server.url}/readyz`);
    expect(failing.status).toBe(503);
    expect(await failing.json()).toEqual({
      status: 'not ready',
      checks: { database: 'failed', issuer: 'ok' },
    });
    up = true;
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  });
});

describe('start and stop', () => {
  it('says that the port is taken', async () => {
    const first = await serve(() => undefined);
    const port = Number(new URL(first.url).port);
    const second = await createHttpServer({ name: 'second', port });
    await expect(second.start()).rejects.toMatchObject({
      code: 'address_in_use',
      where: `127.0.0.1:${port}`,
    });
    await second.stop();
    const nowhere = await createHttpServer({ name: 'nowhere', port: 0, host: '192.0.2.1' });
    await expect(nowhere.start()).rejects.toMatchObject({ code: 'invalid_settings' });
    await nowhere.stop();
  });

  it('can be started and stopped twice, and has no URL before', async () => {
    const server = await createHttpServer({ name: 'test', port: 0 });
    expect(() => server.url).toThrow();
    await Promise.all([server.start(), server.start()]);
    expect(server.stop()).toBe(server.stop());
    await server.stop();
    await expect(fetch(server.url)).rejects.toThrow();
    const never = await createHttpServer({ name: 'never', port: 0 });
    await never.stop();
  });

  it('finishes what is in flight, and closes the connection after it', async () => {
    let finish: (() => void) | undefined;
    const server = await serve((app) => {
      app.get('/slow', () => new Promise((resolve) => (finish = () => resolve('done'))));
    });
    const answer = fetch(`${server.url}/slow`);
    await until(() => finish !== undefined);
    const stopped = server.stop();
    expect(server.closing.aborted).toBe(true);
    finish?.();
    expect(await (await answer).text()).toBe('done');
    await stopped;
  });

  it('cuts off what does not end within the drain limit', async () => {
    const server = await serve((app) => app.get('/never', () => new Promise(() => undefined)), {
      limits: { drainMs: 50 },
    });
    const answer = fetch(`${server.url}/never`).catch(() => 'cut off');
    await until(async () => (await fetch(`${server.url}/livez`)).ok);
    await server.stop();
    expect(await answer).toBe('cut off');
  });
});
