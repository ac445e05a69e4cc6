import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settleFrontProxy } from '../../src/index.ts';
import { type Answered, base, makePerson, type OpenApi, startWorld, type World } from './support/world.ts';

let world: World;
let open: OpenApi;
let alice: { readonly id: string; readonly sessions: readonly string[] };

beforeAll(async () => {
  world = await startWorld();
  open = await world.open();
  alice = await makePerson(world.instance, 2);
});
afterAll(() => world.stop());

const sessions = `${base}/sessions`;
const isAlice = () => ({ 'X-Remote-User': 'alice', 'X-Remote-Uid': alice.id });

function expectNobody({ status, body, headers }: Answered): void {
  expect(status).toBe(401);
  expect(body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'Unauthorized',
    reason: 'Unauthorized',
    code: 401,
  });
  expect(headers['www-authenticate']).toBeUndefined();
}

describe('who may say for whom a request is', () => {
  it('S35 is the front proxy, by a certificate of its authority with an allowed name', async () => {
    const answer = await open.send(sessions, { headers: isAlice(), client: world.proxy });
    expect([answer.status, (answer.body.items as unknown[]).length]).toEqual([200, 2]);
  });

  it('S36 is nobody without a certificate, whatever the case of the headers', async () => {
    expectNobody(await open.send(sessions, { headers: isAlice() }));
    const odd = { 'x-ReMoTe-UsEr': 'alice', 'X-REMOTE-UID': alice.id, 'x-remote-group': 'system:masters' };
    expectNobody(await open.send(sessions, { headers: odd }));
  });

  it('S35 is nobody with a certificate of another authority', async () => {
    const foreign = await world.servers.issue('front-proxy-client');
    expectNobody(await open.send(sessions, { headers: isAlice(), client: foreign }));
  });

  it('S35, F15 is nobody with a certificate of the authority and another name', async () => {
    const user = await world.proxies.issue('alice');
    expectNobody(await open.send(sessions, { headers: isAlice(), client: user }));
    expectNobody(
      await open.send(sessions, {
        headers: isAlice(),
        client: await world.proxies.issue('front-proxy-client.evil'),
      }),
    );
  });

  it('S36 notes who named somebody without being trusted to', async () => {
    await open.send(sessions, { headers: isAlice() });
    await open.send(sessions, { headers: isAlice(), client: await world.proxies.issue('mallory') });
    const metrics = await open.metrics.text();
    expect(metrics).toMatch(
      /drawbridge_identity_api_refused_total\{reason="headers_without_certificate"\} [1-9]/,
    );
    expect(metrics).toMatch(
      /drawbridge_identity_api_refused_total\{reason="certificate_not_allowed"\} [1-9]/,
    );
  });

  it('S36 counts for nothing beside a token: its bearer stays who it is', async () => {
    const { token } = await world.instance.machine();
    const headers = { ...isAlice(), authorization: `Bearer ${token}` };
    expect((await open.send(sessions, { headers })).body.items).toEqual([]);
  });

  it('S36 is not who impersonates: only kube-apiserver decides about that', async () => {
    const { token } = await world.instance.machine();
    const headers = { authorization: `Bearer ${token}`, 'Impersonate-User': 'alice' };
    const answer = await open.send(sessions, { method: 'DELETE', headers });
    expect([answer.status, answer.body.reason]).toEqual([403, 'Forbidden']);
  });

  it('F15 has to be named: without allowed names nothing starts', () => {
    expect(() => settleFrontProxy({})).toThrow(
      expect.objectContaining({
        code: 'invalid_settings',
        problems: [expect.objectContaining({ field: 'requestheader-allowed-names' })],
      }),
    );
    expect(() => settleFrontProxy({ allowedNames: [''] })).toThrow();
    expect(() => settleFrontProxy({ allowedNames: ['a'], usernameHeaders: ['X Remote'] })).toThrow();
  });
});

describe('what the front proxy says', () => {
  const as = (headers: Readonly<Record<string, string | string[]>>) =>
    open.send(sessions, { headers, client: world.proxy });

  it('S38, F15 names nobody without an id, nor where the id is empty', async () => {
    expectNobody(await as({ 'X-Remote-User': 'alice' }));
    expectNobody(await as({ 'X-Remote-User': 'alice', 'X-Remote-Uid': '' }));
    expectNobody(await as({ 'X-Remote-User': 'alice', 'X-Remote-Uid': '   ' }));
  });

  it('S38 lists nothing for anonymous callers, even with an id', async () => {
    expectNobody(await as({ 'X-Remote-User': 'system:anonymous', 'X-Remote-Uid': alice.id }));
    const groups = ['system:unauthenticated'];
    expectNobody(await as({ ...isAlice(), 'X-Remote-Group': groups }));
  });

  it('S36 names nobody where the user stands there twice', async () => {
    expectNobody(await as({ 'X-Remote-User': ['alice', 'bob'], 'X-Remote-Uid': alice.id }));
    expectNobody(await as({ 'X-Remote-User': 'alice', 'X-Remote-Uid': ['1', alice.id] }));
    expectNobody(await as({ 'X-Remote-Uid': alice.id }));
  });

  it('S37 is trimmed, and refused where it is larger than anybody is', async () => {
    const spaced = await as({ 'X-Remote-User': '  alice ', 'X-Remote-Uid': ` ${alice.id}\t` });
    expect((spaced.body.items as unknown[]).length).toBe(2);
    const long = await as({ ...isAlice(), 'X-Remote-Extra-A': 'x'.repeat(33_000) });
    expect([long.status, long.body.kind]).toEqual([431, 'Status']);
    expect((await as({ ...isAlice(), 'X-Remote-Group': 'g'.repeat(600) })).status).toBe(431);
    expect((await as({ 'X-Remote-User': 'u'.repeat(600), 'X-Remote-Uid': alice.id })).status).toBe(431);
    const node = await as({ ...isAlice(), 'X-Remote-Extra-A': 'x'.repeat(70_000) });
    expect([node.status, node.body.kind, node.body.code]).toEqual([431, 'Status', 431]);
  });

  it('takes the user name for the id only where that is set, and never of the system', async () => {
    const older = await world.open({ uidFromUsername: true });
    const send = (user: string) =>
      older.send(sessions, { headers: { 'X-Remote-User': user }, client: world.proxy });
    expect((await send(alice.id)).status).toBe(200);
    expectNobody(await send('system:kube-aggregator'));
  });

  it('is read from the headers that are set, and from no others', async () => {
    const trust = settleFrontProxy({
      allowedNames: ['front-proxy-client'],
      usernameHeaders: ['X-Who'],
      uidHeaders: ['X-Id'],
    });
    const own = await world.open({ frontProxy: () => trust });
    const send = (headers: Readonly<Record<string, string>>) =>
      own.send(sessions, { headers, client: world.proxy });
    expect((await send({ 'X-Who': 'alice', 'X-Id': alice.id })).status).toBe(200);
    expectNobody(await send(isAlice()));
  });
});

describe('on the wire', () => {
  const tls = (more: ConnectionOptions = {}): ConnectionOptions => ({
    port: Number(new URL(open.url).port),
    host: '127.0.0.1',
    servername: 'localhost',
    ca: world.servers.pem,
    ALPNProtocols: ['http/1.1'],
    ...more,
  });

  async function raw(lines: readonly string[], options: ConnectionOptions = {}): Promise<string> {
    const socket = connect(tls(options));
    await once(socket, 'secureConnect');
    // The server closes: whoever closes first is not answered.
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return await text(socket);
  }

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'S35 a session of %s that is taken up again without the certificate is nobody',
    async (maxVersion) => {
      const first = connect(tls({ maxVersion, ...world.proxy }));
      let session: Buffer | undefined;
      first.on('session', (ticket: Buffer) => {
        session = ticket;
      });
      await once(first, 'secureConnect');
      first.write(`GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      await text(first);
      const again = connect(tls({ maxVersion, ...(session ? { session } : {}) }));
      await once(again, 'secureConnect');
      again.write(
        `GET ${sessions} HTTP/1.1\r\nHost: x\r\nX-Remote-User: alice\r\nX-Remote-Uid: ${alice.id}\r\nConnection: close\r\n\r\n`,
      );
      expect(await text(again)).toMatch(/^HTTP\/1\.1 401 /);
    },
  );

  it.each([
    ['a space before the colon', ['X-Remote-User : alice']],
    ['a folded line', ['X-Remote-User: bob', ' alice']],
    ['a bare carriage return', ['X-Remote-User: bob\rX-Remote-User: alice']],
    ['a null byte', ['X-Remote-User: ali\0ce']],
    ['two lengths', ['Content-Length: 0', 'Content-Length: 5']],
    ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['chunks in disguise', ['Transfer-Encoding: xchunked']],
    ['no host', []],
  ] as const)('S36 a request with %s is nobody', async (shape, headers) => {
    const host = shape === 'no host' ? [] : ['Host: x'];
    const answer = await raw(
      [`GET ${sessions} HTTP/1.1`, ...host, ...headers, `X-Remote-Uid: ${alice.id}`, 'Connection: close'],
      world.proxy,
    );
    // Where the fault is found behind the headers, the connection is cut.
    if (shape === 'chunks in disguise') return expect(answer).not.toContain('HTTP/1.1 2');
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    // Of a request without a host, Node itself says no, without a word.
    if (shape !== 'no host') expect(answer).toContain('"kind":"Status"');
    expect(answer).not.toContain('SessionList');
  });

  it('S36 a second request behind a first one is judged by its own headers', async () => {
    const answers = await raw(
      [
        `GET ${sessions} HTTP/1.1`,
        'Host: x',
        'X-Remote-User: alice',
        `X-Remote-Uid: ${alice.id}`,
        '',
        `GET ${sessions} HTTP/1.1`,
        'Host: x',
        'Connection: close',
      ],
      world.proxy,
    );
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401']);
  });

  it('an underscore for a hyphen makes no header of ours', async () => {
    const answer = await raw(
      [
        `GET ${sessions} HTTP/1.1`,
        'Host: x',
        'X_Remote_User: alice',
        `X_Remote_Uid: ${alice.id}`,
        'Connection: close',
      ],
      world.proxy,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('S35 a connection on which nobody was recognised ends: on the next one the certificate is asked for anew', async () => {
    const socket = connect(tls({ port: Number(new URL(open.url).port) }));
    await once(socket, 'secureConnect');
    socket.write(`GET ${sessions} HTTP/1.1\r\nHost: here\r\nX-Remote-User: alice\r\n\r\n`);
    // All there is until the server ends the connection.
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('S35 a connection ends when its authority is no longer one, and the new one is taken', async () => {
    const { makeAuthority } = await import('../../../kit/test/support/authority.ts');
    const { advance, clock } = await movableClock();
    const next = await makeAuthority('next-ca');
    let ca = world.proxies.pem;
    const tlsFiles = {
      certFile: join(world.folder, 'tls.crt'),
      keyFile: join(world.folder, 'tls.key'),
      readClientCa: async () => ca,
    };
    const api = await world.open({ tls: tlsFiles, clock });
    const port = Number(new URL(api.url).port);
    const socket = connect(tls({ port, ...world.proxy }));
    await once(socket, 'secureConnect');
    ca = next.pem;
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    advance(10_000);
    await closed;
    const headers = isAlice();
    expect((await api.send(sessions, { headers, client: world.proxy })).status).toBe(401);
    const client = await next.issue('front-proxy-client');
    expect((await api.send(sessions, { headers, client })).status).toBe(200);
  });

  async function movableClock() {
    const { ManualClock } = await import('@drawbridge/kit');
    const clock = new ManualClock(Date.now());
    return { clock, advance: (ms: number) => clock.advance(ms) };
  }
});

it('an authority that holds no certificate does not start', async () => {
  const clientCaFile = join(world.folder, 'empty.crt');
  await writeFile(clientCaFile, '');
  const tls = {
    certFile: join(world.folder, 'tls.crt'),
    keyFile: join(world.folder, 'tls.key'),
    clientCaFile,
  };
  await expect(world.open({ tls })).rejects.toMatchObject({ code: 'invalid_settings' });
});
