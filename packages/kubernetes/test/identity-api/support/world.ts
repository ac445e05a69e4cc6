import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as send } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createHttpClient, createMetrics, type Metrics } from '@drawbridge/kit';
import { createVerifier, parseApplicationKey } from '@drawbridge/zitadel';
import { type Authority, type Leaf, makeAuthority } from '../../../../kit/test/support/authority.ts';
import {
  createIdentityApi,
  type IdentityApi,
  type IdentityApiOptions,
  settleFrontProxy,
} from '../../../src/index.ts';
import { createTokenReviewer, parseAudienceMap } from '../../../src/token-review/index.ts';
import { type Instance, startInstance } from '../../support/instance.ts';

/** An emulated Zitadel, authorities, and identity APIs in front of it. */
export interface World {
  readonly instance: Instance;
  readonly servers: Authority;
  readonly proxies: Authority;
  /** Certificate of kube-apiserver's front proxy. */
  readonly proxy: Leaf;
  readonly folder: string;
  open(options?: Partial<IdentityApiOptions>): Promise<OpenApi>;
  stop(): Promise<void>;
}

/** A running identity API. */
export interface OpenApi {
  readonly api: IdentityApi;
  readonly metrics: Metrics;
  readonly url: string;
  /** A request as kube-apiserver's front proxy makes it for somebody. */
  as(user: Partial<ProxiedUser>, path: string, more?: Sent): Promise<Answered>;
  /** A request as it is. */
  send(path: string, sent?: Sent): Promise<Answered>;
}

export interface ProxiedUser {
  readonly username: string;
  readonly uid: string;
  readonly groups: string[];
  readonly extra: Readonly<Record<string, string>>;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | object | undefined;
  readonly client?: Leaf | undefined;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body where it is JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

export const group = 'identity.miloapis.com';
export const base = `/apis/${group}/v1alpha1`;

export async function startWorld(): Promise<World> {
  const [instance, servers, proxies] = await Promise.all([
    startInstance(),
    makeAuthority('servers'),
    makeAuthority('front-proxy-ca'),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-identity-api-'));
  const [leaf, proxy] = await Promise.all([
    servers.issue('apiserver', ['127.0.0.1', 'localhost']),
    proxies.issue('front-proxy-client'),
  ]);
  const files = {
    certFile: join(folder, 'tls.crt'),
    keyFile: join(folder, 'tls.key'),
    clientCaFile: join(folder, 'front-proxy-ca.crt'),
  };
  await Promise.all([
    writeFile(files.certFile, leaf.cert),
    writeFile(files.keyFile, leaf.key),
    writeFile(files.clientCaFile, proxies.pem),
  ]);
  const http = createHttpClient();
  const running = new Set<IdentityApi>();
  const trust = settleFrontProxy({ allowedNames: ['front-proxy-client'] });

  const open = async (options: Partial<IdentityApiOptions> = {}): Promise<OpenApi> => {
    const verifier = createVerifier({
      issuer: instance.emulator.issuer,
      audience: instance.projectId,
      client: parseApplicationKey(instance.applicationKey),
      http,
      ttlMs: 0,
    });
    const metrics = await createMetrics({ process: false });
    const api = await createIdentityApi({
      zitadel: instance.zitadel,
      frontProxy: () => trust,
      tokens: createTokenReviewer({ verifier, audiences: parseAudienceMap([instance.projectId]) }),
      port: 0,
      tls: files,
      metrics,
      ...options,
    });
    await api.start();
    running.add(api);
    const call = (path: string, { method = 'GET', headers = {}, body, client }: Sent = {}) =>
      new Promise<Answered>((resolve, reject) => {
        const content = typeof body === 'object' ? JSON.stringify(body) : body;
        // Node frames the body of a DELETE only where it is told how long it is.
        const length = content === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(content)) };
        const sent = send(
          api.url,
          { path, method, ca: servers.pem, agent: false, headers: { ...headers, ...length }, ...client },
          (response) => {
            text(response).then((received) => {
              const { statusCode = 0, headers: got } = response;
              resolve({ status: statusCode, headers: got, text: received, body: parse(received) });
            }, reject);
          },
        );
        sent.on('error', reject);
        sent.end(content);
      });
    return {
      api,
      metrics,
      url: api.url,
      send: call,
      as: ({ username = 'alice', uid, groups = [], extra = {} }, path, more = {}) =>
        call(path, {
          client: proxy,
          ...more,
          headers: {
            'X-Remote-User': username,
            ...(uid === undefined ? {} : { 'X-Remote-Uid': uid }),
            ...(groups.length === 0 ? {} : { 'X-Remote-Group': groups }),
            ...Object.fromEntries(
              Object.entries(extra).map(([key, value]) => [
                `X-Remote-Extra-${encodeURIComponent(key)}`,
                value,
              ]),
            ),
            ...(more.body === undefined ? {} : { 'Content-Type': 'application/json' }),
            ...more.headers,
          },
        }),
    };
  };

  return {
    instance,
    servers,
    proxies,
    proxy,
    folder,
    open,
    async stop() {
      await Promise.all([...running].map((api) => api.stop()));
      await http.close();
      await instance.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function parse(content: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(content) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** A person in the instance's organization, and how many sessions of theirs. */
export async function makePerson(
  { zitadel, organizationId }: Instance,
  sessions: number,
): Promise<{ readonly id: string; readonly sessions: readonly string[] }> {
  const name = `p${Math.random().toString(36).slice(2)}`;
  const { id } = await zitadel.users.create({
    organizationId,
    username: name,
    human: {
      profile: { givenName: 'Ada', familyName: 'Lovelace' },
      email: { email: `${name}@acme.example`, isVerified: true },
    },
  });
  const ids: string[] = [];
  for (let at = 0; at < sessions; at++) {
    const made = await zitadel.sessions.create({
      checks: { user: { userId: id } },
      userAgent: {
        ip: `203.0.113.${at + 1}`,
        description: `Browser ${at + 1}`,
        fingerprintId: `print-${at + 1}`,
      },
    });
    ids.push(made.id);
  }
  return { id, sessions: ids };
}
