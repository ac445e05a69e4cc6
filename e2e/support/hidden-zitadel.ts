import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { createHttpClient } from '@drawbridge/kit';
import { createTokenSource, createZitadel, parseServiceAccount } from '@drawbridge/zitadel';
import { type Authority, makeAuthority } from '../../packages/kit/test/support/authority.ts';

const domain = 'sso.acme.test';

/** An emulated Zitadel behind TLS, under a name that nothing resolves: as a cluster's own network sees a public issuer. */
export interface HiddenZitadel {
  readonly issuer: string;
  /** Where its port is, whatever the issuer says. */
  readonly address: string;
  /** Who signed its certificate. */
  readonly authority: Authority;
  readonly emulator: ZitadelEmulator;
  readonly projectId: string;
  /** An access token of a machine for the project, a JWT. */
  token(): Promise<{ readonly user: string; readonly token: string }>;
  stop(): Promise<void>;
}

export async function startHiddenZitadel(): Promise<HiddenZitadel> {
  const emulator = createZitadelEmulator({ domain });
  await emulator.start();
  const inside = new URL(emulator.issuer);
  const authority = await makeAuthority('outside');
  const proxy = createServer(await authority.issue('zitadel', [domain]), (incoming, outgoing) => {
    const headers = { ...incoming.headers, 'x-forwarded-proto': 'https' };
    const { method, url } = incoming;
    const passed = forward(
      { host: '127.0.0.1', port: inside.port, method, path: url, headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const issuer = `https://${domain}:${port}`;
  const address = `127.0.0.1:${port}`;
  const http = createHttpClient({ addresses: { [issuer]: address }, ca: authority.pem });
  const { organizationId, serviceAccountKey } = emulator.bootstrap;
  const zitadel = createZitadel({
    issuer,
    http,
    credentials: parseServiceAccount(JSON.stringify(serviceAccountKey)),
  });
  const { id: projectId } = await zitadel.projects.create({ organizationId, name: 'Cluster' });
  return {
    issuer,
    address,
    authority,
    emulator,
    projectId,
    async token() {
      const { id: user } = await zitadel.users.create({
        organizationId,
        machine: { name: 'robot', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
      });
      const expiresAt = new Date(Date.now() + 3_600_000);
      const { keyFile } = await zitadel.users.addKey(user, { expiresAt });
      const source = createTokenSource({
        issuer,
        credentials: parseServiceAccount(keyFile?.expose() ?? ''),
        fetch: http.fetch,
        scope: `openid urn:zitadel:iam:org:project:id:${projectId}:aud`,
      });
      const token = (await source.get()).expose();
      source.close();
      return { user, token };
    },
    async stop() {
      await zitadel.close();
      await http.close();
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      await emulator.stop();
    },
  };
}
