import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { createZitadel, type Zitadel, type ZitadelOptions } from '../../src/index.ts';
import { serviceAccount } from '../support/keys.ts';

const servers: Server[] = [];
const clients: Zitadel[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server that gives tokens and leaves the rest to the test. */
async function serve(listener: RequestListener, options: Partial<ZitadelOptions> = {}) {
  const seen: { path: string; host: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      seen.push({ path: request.url ?? '', host: request.headers.host, body });
      if (request.url !== '/oauth/v2/token') return listener(request, response);
      response.setHeader('content-type', 'application/json');
      response.end('{"access_token":"t","token_type":"Bearer","expires_in":3600}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const zitadel = createZitadel({
    issuer: `http://127.0.0.1:${port}`,
    credentials: serviceAccount(),
    random: () => 0,
    timeoutMs: 200,
    totalMs: 1_000,
    ...options,
    ...(options.issuer ? { address: `127.0.0.1:${port}` } : {}),
  });
  clients.push(zitadel);
  return { zitadel, seen, port };
}

describe('over a socket', () => {
  it('S11 dials the address while Host, URL and assertion are the issuer', async () => {
    const { zitadel, seen } = await serve(
      (_, response) =>
        response.end('{"user":{"userId":"7","state":"USER_STATE_ACTIVE","details":{"resourceOwner":"3"}}}'),
      {
        issuer: 'http://sso.acme.localhost:9443',
      },
    );
    const user = await zitadel.users.get('7');
    expect(user).toMatchObject({ userId: '7', organizationId: '3' });
    expect(seen.map(({ host }) => host)).toEqual(['sso.acme.localhost:9443', 'sso.acme.localhost:9443']);
    const assertion = new URLSearchParams(seen[0]?.body).get('assertion') ?? '';
    expect(decodeJwt(assertion).aud).toBe('http://sso.acme.localhost:9443');
  });

  it('an unknown host is told apart from a missing user', async () => {
    const { zitadel } = await serve((_, response) => {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('unable to set instance using origin … ID=QUERY-1kIjX Message=Instance not found');
    });
    await expect(zitadel.users.find('7')).rejects.toMatchObject({ code: 'instance_not_found' });
  });

  it('a server that never answers ends in a timeout', async () => {
    const { zitadel, seen } = await serve(() => undefined);
    await expect(zitadel.users.get('7')).rejects.toMatchObject({ code: 'timeout' });
    expect(seen.length).toBeGreaterThan(1);
  });

  it('a body that never ends, in a timeout too', async () => {
    const { zitadel } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"user":');
    });
    await expect(zitadel.users.get('7')).rejects.toMatchObject({ code: 'timeout' });
  });

  it('a body that is far too large is cut off', async () => {
    const { zitadel } = await serve(
      (_, response) => {
        const chunk = Buffer.alloc(1024 * 1024, 0x20);
        const more = () => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on('drain', more);
        more();
      },
      { timeoutMs: 10_000, totalMs: 20_000 },
    );
    await expect(zitadel.users.get('7')).rejects.toMatchObject({ code: 'response_too_large' });
  });

  it('a server that is gone is unreachable', async () => {
    const { zitadel, port } = await serve(() => undefined);
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    await expect(zitadel.users.get('7')).rejects.toMatchObject({
      code: 'unreachable',
      where: `http://127.0.0.1:${port}/oauth/v2/token`,
    });
  });
});

describe('the settings', () => {
  const credentials = serviceAccount();
  it.each([
    ['a path', 'https://sso.acme.example/', 'invalid_settings'],
    ['upper case', 'https://SSO.acme.example', 'invalid_settings'],
    ['the default port', 'https://sso.acme.example:443', 'invalid_settings'],
    ['plain http', 'http://sso.acme.example', 'insecure_url'],
    ['no URL', 'sso.acme.example', 'invalid_settings'],
  ])('refuse an issuer with %s', (_, issuer, code) => {
    expect(() => createZitadel({ issuer, credentials })).toThrow(expect.objectContaining({ code }));
  });

  it('take plain http where it is allowed', async () => {
    const zitadel = createZitadel({ issuer: 'http://sso.acme.example', allowInsecure: true, credentials });
    expect(zitadel.issuer).toBe('http://sso.acme.example');
    await zitadel.close();
  });
});
