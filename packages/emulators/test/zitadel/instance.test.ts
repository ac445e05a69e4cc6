import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { emulatorForTests, user } from './support.ts';

const { emulator, call } = emulatorForTests();

interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** fetch would drop a Host header, so this speaks HTTP itself. */
function raw(
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
  body = '',
): Promise<RawAnswer> {
  const { port } = new URL(emulator.issuer);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          type: incoming.headers['content-type'] ?? '',
          body: text,
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const discovery = '/.well-known/openid-configuration';
const issuerOf = (answer: RawAnswer) => (JSON.parse(answer.body) as { issuer: string }).issuer;

describe('which instance a request is for', () => {
  it('quirk 13: an unknown host is 404 in plain text for OIDC', async () => {
    const answer = await raw(discovery, { host: 'elsewhere.example:8080' });
    expect(answer.status).toBe(404);
    expect(answer.type).toContain('text/plain');
    expect(answer.body).toContain('QUERY-1kIjX');
    expect(answer.body).toContain('elsewhere.example:8080');
  });

  it('an unknown host is not_found on Connect and code 5 on REST, without details', async () => {
    const headers = { host: '127.0.0.1', 'content-type': 'application/json' };
    const connect = await raw(`/${user('ListUsers')}`, headers, 'POST', '{}');
    expect(connect.status).toBe(404);
    expect(JSON.parse(connect.body)).toMatchObject({ code: 'not_found' });
    expect(JSON.parse(connect.body)).not.toHaveProperty('details');
    const rest = await raw('/v2/users', headers, 'POST', '{}');
    expect(rest.status).toBe(404);
    expect(JSON.parse(rest.body)).toMatchObject({ code: 5 });
  });

  it('the issuer keeps the port as the caller wrote it', async () => {
    expect(issuerOf(await raw(discovery, { host: 'localhost' }))).toBe('http://localhost');
    expect(issuerOf(await raw(discovery, { host: 'localhost:9999' }))).toBe('http://localhost:9999');
    const proxied = { host: 'localhost', 'x-forwarded-proto': 'https' };
    expect(issuerOf(await raw(discovery, proxied))).toBe('https://localhost');
  });

  it('x-zitadel-instance-host chooses the instance behind any address', async () => {
    const headers = { host: '10.0.0.7', 'x-zitadel-instance-host': 'localhost:8443' };
    expect(issuerOf(await raw(discovery, headers))).toBe('http://localhost:8443');
    const forwarded = { host: '10.0.0.7', forwarded: 'for=1.2.3.4;host=localhost;proto=https' };
    expect(issuerOf(await raw(discovery, forwarded))).toBe('https://localhost');
  });

  it('a public host must be trusted', async () => {
    const headers = { host: 'localhost', 'x-zitadel-public-host': 'login.example.com' };
    const before = await raw(discovery, headers);
    expect(before.status).toBe(404);
    expect(before.body).toContain('QUERY-IuGh1');
    await call('zitadel.instance.v2.InstanceService/AddTrustedDomain', {
      trustedDomain: 'login.example.com',
    });
    expect(issuerOf(await raw(discovery, headers))).toBe('http://login.example.com');
  });

  it('an issuer on another name is another audience for assertions', async () => {
    const answer = await raw(discovery, { host: 'LOCALHOST:1' });
    expect(issuerOf(answer)).toBe('http://LOCALHOST:1');
  });
});
