import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import {
  clientCertificate,
  createHttpServer,
  type HttpServer,
  ManualClock,
  type TlsFiles,
} from '@drawbridge/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Authority, makeAuthority } from '../support/authority.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

interface Setup {
  readonly server: HttpServer;
  readonly clock: ManualClock;
  readonly authority: Authority;
  readonly files: TlsFiles;
}

async function serveTls(clientCa?: Authority, required = false): Promise<Setup> {
  const folder = await tempFolder();
  const authority = await makeAuthority('servers');
  const files: TlsFiles = {
    certFile: join(folder, 'tls.crt'),
    keyFile: join(folder, 'tls.key'),
    ...(clientCa ? { clientCaFile: join(folder, 'ca.crt'), clientCertificateRequired: required } : {}),
  };
  await writeLeaf(files, authority, 'first');
  if (clientCa && files.clientCaFile) await writeFile(files.clientCaFile, clientCa.pem);
  const clock = new ManualClock();
  const server = await createHttpServer({ name: 'tls', port: 0, tls: files, clock });
  server.app.get('/', async (request) => ({ name: clientCertificate(request)?.commonName ?? null }));
  await server.start();
  onTestFinished(async () => {
    const stopped = server.stop();
    clock.advance(60_000);
    await stopped;
  });
  return { server, clock, authority, files };
}

async function writeLeaf(files: TlsFiles, authority: Authority, name: string): Promise<void> {
  const { cert, key } = await authority.issue(name, ['127.0.0.1']);
  await Promise.all([writeFile(files.certFile, cert), writeFile(files.keyFile, key)]);
}

interface Answer {
  readonly body: string;
  readonly peer: string;
  readonly reused: boolean;
}

async function get(
  { server, authority }: Setup,
  options: ConnectionOptions & { agent?: Agent } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(`${server.url}/`, { ca: authority.pem, agent: false, ...options }, (response) => {
      const socket = response.socket as TLSSocket;
      const peer = String(socket.getPeerCertificate().subject?.CN);
      const reused = socket.isSessionReused();
      void text(response).then((body) => resolve({ body, peer, reused }), reject);
    });
    call.on('error', reject);
    call.end();
  });
}

/** Opens a TLS connection and tells when it is closed. */
async function open({ server, authority }: Setup, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(server.url).port),
    ca: authority.pem,
    ...options,
  });
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve).once('error', reject);
  });
  return socket;
}

describe('TLS', () => {
  it('S44 refuses what is older than TLS 1.2 and speaks http/1.1 only', async () => {
    const setup = await serveTls();
    expect((await get(setup)).peer).toBe('first');
    const socket = await open(setup, { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(socket.alpnProtocol).toBe('http/1.1');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(open(setup, old)).rejects.toThrow();
  });

  it('S44 takes a new certificate without dropping open connections', async () => {
    const setup = await serveTls();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    expect((await get(setup, { agent })).peer).toBe('first');
    await writeLeaf(setup.files, setup.authority, 'second');
    await until(() => setup.clock.sleeping > 0);
    setup.clock.advance(10_000);
    await until(async () => (await get(setup)).peer === 'second');
    expect((await get(setup, { agent })).peer).toBe('first');
  });

  it('keeps the old certificate while the files do not fit together', async () => {
    const setup = await serveTls();
    const { key } = await setup.authority.issue('other');
    await writeFile(setup.files.keyFile, key);
    await until(() => setup.clock.sleeping > 0);
    setup.clock.advance(10_000);
    await until(() => setup.clock.sleeping > 0);
    expect((await get(setup)).peer).toBe('first');
    await writeLeaf(setup.files, setup.authority, 'second');
    setup.clock.advance(10_000);
    await until(async () => (await get(setup)).peer === 'second');
  });

  it('does not start with files that are unusable', async () => {
    const folder = await tempFolder();
    const tls = { certFile: join(folder, 'none'), keyFile: join(folder, 'none') };
    await expect(createHttpServer({ name: 'x', port: 0, tls })).rejects.toMatchObject({
      code: 'invalid_settings',
    });
    await writeFile(tls.certFile, 'not PEM');
    await expect(createHttpServer({ name: 'x', port: 0, tls })).rejects.toMatchObject({
      code: 'invalid_settings',
    });
  });
});

describe('client certificates', () => {
  it('S35 names a caller only by a certificate of the client authority', async () => {
    const clients = await makeAuthority('clients');
    const strangers = await makeAuthority('strangers');
    const setup = await serveTls(clients);
    expect((await get(setup)).body).toBe('{"name":null}');
    expect((await get(setup, await clients.issue('front-proxy'))).body).toBe('{"name":"front-proxy"}');
    expect((await get(setup, await strangers.issue('front-proxy'))).body).toBe('{"name":null}');
  });

  it('S35 turns callers without one away where one is required', async () => {
    const clients = await makeAuthority('clients');
    const setup = await serveTls(clients, true);
    await expect(get(setup)).rejects.toThrow();
    await expect(get(setup, await (await makeAuthority('strangers')).issue('a'))).rejects.toThrow();
    expect((await get(setup, await clients.issue('a'))).body).toBe('{"name":"a"}');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'S35 a %s session is not resumed, so none outlives its certificate',
    async (version) => {
      const clients = await makeAuthority('clients');
      const setup = await serveTls(clients);
      const versions = { minVersion: version, maxVersion: version } as const;
      const first = await open(setup, { ...versions, ...(await clients.issue('front-proxy')) });
      const sessions: Buffer[] = [];
      first.on('session', (session) => sessions.push(session));
      first.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
      await new Promise((resolve) => first.once('data', resolve));
      const session = sessions.at(-1) ?? first.getSession();
      first.destroy();
      const resumed = await get(setup, { ...versions, ...(session ? { session } : {}) });
      expect(resumed).toMatchObject({ body: '{"name":null}', reused: false });
    },
  );

  it('S35 closes connections that no longer chain when the authority changes', async () => {
    const [old, next] = [await makeAuthority('old'), await makeAuthority('next')];
    const setup = await serveTls(old);
    const leaving = await open(setup, await old.issue('front-proxy'));
    const staying = await open(setup);
    const closed = new Promise((resolve) => leaving.once('close', resolve));
    await writeFile(setup.files.clientCaFile ?? '', next.pem);
    await until(() => setup.clock.sleeping > 0);
    setup.clock.advance(10_000);
    await closed;
    expect(staying.destroyed).toBe(false);
    expect((await get(setup, await next.issue('front-proxy'))).body).toBe('{"name":"front-proxy"}');
    expect((await get(setup, await old.issue('front-proxy'))).body).toBe('{"name":null}');
  });
});
