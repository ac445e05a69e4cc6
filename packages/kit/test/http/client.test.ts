import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  Budget,
  createHttpClient,
  DrawbridgeError,
  type HttpClientOptions,
  readJson,
  readText,
  withRequestId,
} from '@drawbridge/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeAuthority } from '../support/authority.ts';
import { closedOrigin, loopback } from '../support/loopback.ts';

function client(options: HttpClientOptions = {}) {
  const http = createHttpClient(options);
  onTestFinished(() => http.close());
  return http;
}

describe('address and name', () => {
  it('dials the address, while Host, server name and certificate are those of the origin', async () => {
    const authority = await makeAuthority('test');
    const tls = await authority.issue('sso', ['sso.acme.example']);
    let servername: unknown;
    const server = await loopback(
      (request, response) => {
        servername = (request.socket as { servername?: unknown }).servername;
        response.end('here');
      },
      { tls },
    );
    const addresses = { 'https://sso.acme.example': `127.0.0.1:${server.port}` };
    const answer = await client({ addresses, ca: authority.pem }).fetch('https://sso.acme.example/x');
    expect(await answer.text()).toBe('here');
    expect(servername).toBe('sso.acme.example');
    expect(server.requests[0]?.headers.host).toBe('sso.acme.example');

    const other = client({
      addresses: { 'https://other.example': `127.0.0.1:${server.port}` },
      ca: authority.pem,
    });
    await expect(other.fetch('https://other.example/x')).rejects.toMatchObject({
      code: 'untrusted_certificate',
      saw: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    await expect(client({ addresses }).fetch('https://sso.acme.example/x')).rejects.toMatchObject({
      code: 'untrusted_certificate',
    });
  });

  it('checks an origin that is an IP address by that address, wherever it is dialled', async () => {
    const authority = await makeAuthority('test');
    const server = await loopback((_request, response) => response.end('here'), {
      tls: await authority.issue('ip', ['10.9.8.7']),
    });
    const to = `127.0.0.1:${server.port}`;
    const right = client({ addresses: { 'https://10.9.8.7': to }, ca: authority.pem });
    expect(await (await right.fetch('https://10.9.8.7/')).text()).toBe('here');
    const wrong = client({ addresses: { 'https://10.9.8.6': to }, ca: authority.pem });
    await expect(wrong.fetch('https://10.9.8.6/')).rejects.toMatchObject({ code: 'untrusted_certificate' });
  });

  it('dials IPv6, and maps one scheme and port of a host only', async () => {
    const six = await loopback((_request, response) => response.end('six'), { host: '::1' });
    const four = await loopback((_request, response) => response.end('four'));
    const http = client({
      addresses: {
        'http://issuer.example:8080': `[::1]:${six.port}`,
        'http://[::1]:8099': `127.0.0.1:${four.port}`,
      },
    });
    expect(await (await http.fetch('http://issuer.example:8080/')).text()).toBe('six');
    expect(await (await http.fetch('http://[::1]:8099/')).text()).toBe('four');
    expect(six.requests[0]?.headers.host).toBe('issuer.example:8080');
    expect(await (await http.fetch(`http://[::1]:${six.port}/`)).text()).toBe('six');
  });

  it('refuses a wrong address when it is made', () => {
    expect(() => createHttpClient({ addresses: { 'https://a.example': 'http://b/path' } })).toThrow(
      'address',
    );
  });
});

describe('limits', () => {
  it('F6 gives up on a server that does not answer, and on a body that does not end', async () => {
    const silent = await loopback((request, response) => {
      if (request.url === '/slow') response.write('{"a":');
    });
    const http = client({ timeoutMs: 150 });
    await expect(http.fetch(`http://127.0.0.1:${silent.port}/none?code=s3cr3t`)).rejects.toMatchObject({
      code: 'timeout',
      where: `http://127.0.0.1:${silent.port}/none`,
    });
    const slow = await http.fetch(`http://127.0.0.1:${silent.port}/slow`);
    await expect(readJson(slow)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('F6 refuses a body that is larger than allowed', async () => {
    const big = await loopback((_request, response) => response.end('x'.repeat(5_000)));
    const http = client({ maxResponseBytes: 1_000 });
    const reading = http.fetch(`http://127.0.0.1:${big.port}/`).then(readText);
    await expect(reading).rejects.toMatchObject({ code: 'response_too_large' });
  });

  it('makes no more calls at once to an origin than it may have connections, and forgets none', async () => {
    let open = 0;
    let most = 0;
    const all = Promise.withResolvers<void>();
    const server = await loopback((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      if (open === 3) all.resolve();
      void all.promise.then(() => {
        open -= 1;
        response.end('ok');
      });
    });
    const http = client({ connections: 3 });
    const url = `http://127.0.0.1:${server.port}/`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => http.fetch(url).then(readText)));
    expect(answers).toEqual(Array(10).fill('ok'));
    expect(most).toBe(3);
  });

  it('asks for no compression and refuses it, so that nothing unfolds beyond the limit', async () => {
    const zipped = await loopback((_request, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(100_000)));
    });
    await expect(client().fetch(`http://127.0.0.1:${zipped.port}/`)).rejects.toMatchObject({
      code: 'invalid_response',
      saw: 'gzip',
    });
    expect(zipped.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('does not follow a redirect unless asked, and does not take it for an outage', async () => {
    const server = await loopback((request, response) => {
      if (request.url?.startsWith('/there')) response.end('there');
      else response.writeHead(302, { location: '/there?token=s3cr3t' }).end();
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const http = client();
    const failure = await http.fetch(`${origin}/`).catch((error: DrawbridgeError) => error);
    expect(failure).toMatchObject({ code: 'invalid_response', saw: `302 to ${origin}/there` });
    expect((await http.fetch(`${origin}/`, { redirect: 'manual' })).status).toBe(302);
    expect(await (await http.fetch(`${origin}/`, { redirect: 'follow' })).text()).toBe('there');
  });
});

describe('errors', () => {
  it('tells the caller’s abort from a dead server', async () => {
    const silent = await loopback(() => undefined);
    const controller = new AbortController();
    const call = client().fetch(`http://127.0.0.1:${silent.port}/`, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'canceled' });
    await expect(client().fetch(await closedOrigin())).rejects.toMatchObject({
      code: 'unreachable',
      saw: 'ECONNREFUSED',
    });
    const short = client().fetch(`http://127.0.0.1:${silent.port}/`, { signal: AbortSignal.timeout(20) });
    await expect(short).rejects.toMatchObject({ code: 'timeout' });
  });

  it('S32 quotes a body that is not JSON nowhere, not even in the cause, where the parser did', async () => {
    const server = await loopback((_request, response) => response.end('access_token=s3cr3t'));
    const answer = await client().fetch(`http://127.0.0.1:${server.port}/?code=s3cr3t`);
    const failure = await readJson(answer).catch((error: DrawbridgeError) => error);
    expect(failure).toBeInstanceOf(DrawbridgeError);
    if (!(failure instanceof DrawbridgeError)) return;
    expect(failure.code).toBe('invalid_response');
    expect(inspect(failure, { depth: 8 })).not.toContain('s3cr3t');
  });

  it('refuses calls after close', async () => {
    const http = createHttpClient();
    await http.close();
    await expect(http.fetch('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'shutting_down' });
  });
});

describe('what goes along', () => {
  it('sends the request id of the request it works for, and reports each call', async () => {
    const server = await loopback((_request, response) => response.end('ok'));
    const calls: number[] = [];
    const http = client({ onCall: ({ status }) => calls.push(status), userAgent: 'tester' });
    await withRequestId('r-1', () => http.fetch(`http://127.0.0.1:${server.port}/`));
    await http.fetch(`http://127.0.0.1:${server.port}/`);
    await http.fetch(await closedOrigin()).catch(() => undefined);
    expect(server.requests.map(({ headers }) => headers['x-request-id'])).toEqual(['r-1', undefined]);
    expect(server.requests[0]?.headers['user-agent']).toBe('tester');
    expect(calls).toEqual([200, 200, 0]);
  });

  it('waits for the budget no longer than the deadline', async () => {
    const server = await loopback((_request, response) => response.end('ok'));
    const budget = new Budget({ perSecond: 0.001, burst: 1 });
    const http = client({ budget, timeoutMs: 100 });
    await http.fetch(`http://127.0.0.1:${server.port}/`);
    await expect(http.fetch(`http://127.0.0.1:${server.port}/`)).rejects.toMatchObject({ code: 'timeout' });
    expect([server.requests.length, budget.waiting]).toEqual([1, 0]);
  });
});
