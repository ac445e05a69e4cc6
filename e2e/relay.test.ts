import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createOpenbaoEmulator } from '@drawbridge/emulators';
import { createHttpClient } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Authority, makeAuthority } from '../packages/kit/test/support/authority.ts';
import { kubeAssets, startKubeApiserver } from '../packages/kubernetes/test/support/kube-apiserver.ts';
import { drawbridge, startDrawbridge } from './support/command.ts';
import { freePort } from './support/free-port.ts';
import { type HiddenZitadel, startHiddenZitadel } from './support/hidden-zitadel.ts';

let folder: string;
let zitadel: HiddenZitadel;
let inside: Authority;
let flags: readonly string[];
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-relay-'));
  zitadel = await startHiddenZitadel();
  inside = await makeAuthority('inside');
  await writeLeaf('relay');
  await writeFile(join(folder, 'outside.crt'), zitadel.authority.pem);
  env = { NODE_EXTRA_CA_CERTS: join(folder, 'outside.crt') };
  flags = [
    ...['relay', '--issuer', zitadel.issuer, '--zitadel-api', zitadel.address],
    ...['--cert-dir', folder, '--host', '127.0.0.1', '--metrics-bind-address', '127.0.0.1:0'],
  ];
});
afterAll(async () => {
  await zitadel?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function writeLeaf(name: string): Promise<void> {
  const { cert, key } = await inside.issue(name, ['127.0.0.1']);
  await Promise.all([writeFile(join(folder, 'tls.crt'), cert), writeFile(join(folder, 'tls.key'), key)]);
}

/** The command on a port that is known before, since its URL has to name it. */
async function startRelay(...more: string[]) {
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const running = await startDrawbridge([...flags, '--port', String(port), '--url', url, ...more], env);
  onTestFinished(async () => {
    await running.kill('SIGKILL');
  });
  return { ...running, url, metrics: String(running.ready.metrics) };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Name in the certificate. */
  readonly peer: string;
}

/** A call as a relying party makes it, trusting only the authority of the inside. */
function call(url: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, ca: inside.pem, agent: false }, (response) => {
      let text = '';
      const peer = String((sent.socket as TLSSocket).getPeerCertificate().subject?.CN);
      response.on('data', (piece: Buffer) => {
        text += piece.toString();
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, peer }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

const ready = (url: string) => expect.poll(async () => (await call(`${url}/readyz`)).status).toBe(200);
const counted = async (metrics: string, pattern: RegExp) =>
  Number(pattern.exec(await (await fetch(`${metrics}/metrics`)).text())?.[1] ?? 0);
const documents = ['/.well-known/openid-configuration', '/oauth/v2/keys'] as const;

describe('drawbridge relay', () => {
  it('serves an issuer that is to be had neither by name nor by Host, and names itself for its keys alone', async () => {
    const relay = await startRelay();
    expect(relay.ready).toMatchObject({
      event: 'ready',
      issuer: zitadel.issuer,
      discovery: `${relay.url}${documents[0]}`,
      keys: `${relay.url}${documents[1]}`,
    });
    await ready(relay.url);
    const http = createHttpClient({
      addresses: { [zitadel.issuer]: zitadel.address },
      ca: zitadel.authority.pem,
    });
    onTestFinished(() => http.close());
    const real = (await (await http.fetch(`${zitadel.issuer}${documents[0]}`)).json()) as object;
    const served = await call(`${relay.url}${documents[0]}`);
    expect(JSON.parse(served.text)).toEqual({ ...real, jwks_uri: `${relay.url}${documents[1]}` });
    const keys = await (await http.fetch(`${zitadel.issuer}${documents[1]}`)).text();
    expect((await call(`${relay.url}${documents[1]}`)).text).toBe(keys);
    expect((await call(`${relay.url}/oauth/v2/introspect`, 'POST')).status).toBe(404);
    expect((await call(`${relay.url}${documents[1]}`, 'POST')).status).toBe(405);
    expect(await relay.kill('SIGTERM')).toBe(0);
    expect(relay.output()).not.toContain('"level":"error"');
  });

  it('starts while Zitadel is away, is ready once it is back, and serves on through the next outage with its age', async () => {
    zitadel.emulator.controls.outage = true;
    onTestFinished(() => {
      zitadel.emulator.controls.outage = false;
    });
    const relay = await startRelay('--max-age', '10s');
    expect((await call(`${relay.url}/readyz`)).status).toBe(503);
    expect((await call(`${relay.url}${documents[1]}`)).status).toBe(503);
    zitadel.emulator.controls.outage = false;
    await ready(relay.url);
    zitadel.emulator.controls.outage = true;
    const failures = /drawbridge_relay_reads_total\{outcome="unreachable"\} (\d+)/;
    const before = await counted(relay.metrics, failures);
    await expect
      .poll(() => counted(relay.metrics, failures), { timeout: 20_000, interval: 250 })
      .toBeGreaterThan(before);
    const { status, headers } = await call(`${relay.url}${documents[1]}`);
    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=10, must-revalidate']);
    expect(Number(headers.age)).toBeGreaterThanOrEqual(7);
    expect(relay.output()).toContain('issuer not read');
  }, 60_000);

  it('reads its certificate again when that changes', async () => {
    const relay = await startRelay();
    expect((await call(`${relay.url}/livez`)).peer).toBe('relay');
    await writeLeaf('relay-renewed');
    onTestFinished(() => writeLeaf('relay'));
    await expect
      .poll(async () => (await call(`${relay.url}/livez`)).peer, { timeout: 20_000, interval: 250 })
      .toBe('relay-renewed');
  }, 40_000);

  it('S3 says in its log what the issuer calls itself, and serves nothing, where that is not the issuer it was given', async () => {
    const issuer = zitadel.issuer.replace('sso.', 'SSO.');
    const relay = await startRelay('--issuer', issuer);
    await expect.poll(() => relay.output()).toContain('"code":"issuer_mismatch"');
    expect((await call(`${relay.url}${documents[0]}`)).status).toBe(503);
  });

  it.each([
    [['relay', '--issuer', 'https://sso.acme.test'], 'relay.url'],
    [['relay', '--issuer', 'https://sso.acme.test', '--url', 'http://relay:8080'], 'insecure_url'],
    [['relay', '--issuer', 'https://sso.acme.test', '--url', 'https://relay/a'], 'without a path'],
  ])('tells what is wrong with %j', async (args, complaint) => {
    const { code, stderr } = await drawbridge([...args, '--port', '0']);
    expect(code).toBe(2);
    expect(stderr).toContain(complaint);
  });
});

/** OpenBaos to sign in at: emulated, and a real one where it is given. */
const openbaos = [
  {
    name: 'emulated OpenBao',
    given: true,
    open: async () => {
      const http = createHttpClient({ ca: inside.pem });
      const emulator = createOpenbaoEmulator({ fetch: http.fetch });
      await emulator.start();
      onTestFinished(async () => {
        await emulator.stop();
        await http.close();
      });
      return { url: emulator.url, token: emulator.bootstrap.rootToken.expose() };
    },
  },
  {
    name: 'real OpenBao (E2E_OPENBAO_ADDR, E2E_OPENBAO_TOKEN)',
    given: process.env.E2E_OPENBAO_ADDR !== undefined,
    open: async () => ({
      url: String(process.env.E2E_OPENBAO_ADDR),
      token: String(process.env.E2E_OPENBAO_TOKEN),
    }),
  },
];

describe.each(openbaos)('the relay for $name', ({ given, open }) => {
  it.skipIf(!given)(
    'S60 gives the keys to a JWT method with jwks_url and bound_issuer; discovery through it is refused for its name',
    async () => {
      const relay = await startRelay();
      await ready(relay.url);
      const { url, token } = await open();
      const mount = `relay-${Date.now()}`;
      const bao = async (path: string, body: object) => {
        const answer = await fetch(`${url}/v1/${path}`, {
          method: 'POST',
          headers: { 'x-vault-token': token },
          body: JSON.stringify(body),
        });
        return { status: answer.status, body: await answer.text() };
      };
      expect((await bao(`sys/auth/${mount}`, { type: 'jwt' })).status).toBe(204);
      onTestFinished(async () => {
        await fetch(`${url}/v1/sys/auth/${mount}`, {
          method: 'DELETE',
          headers: { 'x-vault-token': token },
        });
      });
      const discovered = await bao(`auth/${mount}/config`, {
        oidc_discovery_url: relay.url,
        oidc_discovery_ca_pem: inside.pem,
        bound_issuer: zitadel.issuer,
      });
      expect([discovered.status, discovered.body]).toEqual([
        400,
        expect.stringContaining('error checking oidc discovery URL'),
      ]);
      const configured = await bao(`auth/${mount}/config`, {
        jwks_url: relay.ready.keys,
        jwks_ca_pem: inside.pem,
        bound_issuer: zitadel.issuer,
      });
      expect([200, 204], configured.body).toContain(configured.status);
      await bao(`auth/${mount}/role/developer`, {
        role_type: 'jwt',
        user_claim: 'sub',
        bound_audiences: [zitadel.projectId],
        token_policies: ['default'],
      });
      const { token: jwt } = await zitadel.token();
      const login = await bao(`auth/${mount}/login`, { role: 'developer', jwt });
      expect(login.status, login.body).toBe(200);
      await bao(`auth/${mount}/config`, {
        jwks_url: relay.ready.keys,
        jwks_ca_pem: inside.pem,
        bound_issuer: relay.url,
      });
      const foreign = await bao(`auth/${mount}/login`, { role: 'developer', jwt });
      expect([foreign.status, foreign.body]).toEqual([
        400,
        expect.stringContaining('invalid issuer (iss) claim'),
      ]);
    },
  );
});

describe.skipIf(kubeAssets === undefined)('the relay for a real kube-apiserver (KUBEBUILDER_ASSETS)', () => {
  it('signs people in by discoveryURL, their tokens and user names those of the issuer', async () => {
    const relay = await startRelay();
    await ready(relay.url);
    const configuration = join(folder, 'authentication.yaml');
    const authenticator = {
      issuer: {
        url: zitadel.issuer,
        discoveryURL: relay.ready.discovery,
        certificateAuthority: inside.pem,
        audiences: [zitadel.projectId],
      },
      claimMappings: { username: { claim: 'sub', prefix: 'zitadel:' } },
    };
    await writeFile(
      configuration,
      JSON.stringify({
        apiVersion: 'apiserver.config.k8s.io/v1beta1',
        kind: 'AuthenticationConfiguration',
        jwt: [authenticator],
      }),
    );
    const cluster = await startKubeApiserver({ flags: [`--authentication-config=${configuration}`] });
    onTestFinished(() => cluster.stop());
    const { user, token } = await zitadel.token();
    const whoami = () =>
      new Promise<{ status: number; text: string }>((resolve, reject) => {
        const body = JSON.stringify({
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'SelfSubjectReview',
        });
        const sent = request(
          `${cluster.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`,
          {
            method: 'POST',
            ca: cluster.ca,
            agent: false,
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          },
          (response) => {
            let text = '';
            response.on('data', (piece: Buffer) => {
              text += piece.toString();
            });
            response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          },
        );
        sent.on('error', reject);
        sent.end(body);
      });
    // kube-apiserver fetches the keys beside its start.
    await expect.poll(async () => (await whoami()).status, { timeout: 30_000, interval: 500 }).toBe(201);
    expect(JSON.parse((await whoami()).text)).toMatchObject({
      status: { userInfo: { username: `zitadel:${user}` } },
    });
  }, 120_000);
});
