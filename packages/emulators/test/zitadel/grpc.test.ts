import { connect } from 'node:http2';
import { connect as dial } from 'node:net';
import { createZitadelEmulator } from '@drawbridge/emulators';
import { ManualClock } from '@drawbridge/kit';
import { createServerTransport } from '@zitadel/client/node';
import {
  createIdpServiceClient,
  createOIDCServiceClient,
  createOrganizationServiceClient,
  createSessionServiceClient,
  createSettingsServiceClient,
  createUserServiceClient,
} from '@zitadel/client/v2';
import { createClientTransport } from '@zitadel/client/web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { emulatorForTests, user } from './support.ts';

const harness = emulatorForTests();
const { emulator, call } = harness;
let transport: ReturnType<typeof createServerTransport>;

beforeAll(() => {
  transport = createServerTransport(harness.token, { baseUrl: emulator.issuer });
});

const human = (name: string) => ({
  organizationId: emulator.bootstrap.organizationId,
  userId: name,
  username: name,
  userType: {
    case: 'human' as const,
    value: {
      profile: { givenName: 'Gee', familyName: 'RPC' },
      email: {
        email: `${name}@example.com`,
        verification: { case: 'isVerified' as const, value: true },
      },
      passwordType: { case: 'password' as const, value: { password: 'Correct-Horse1' } },
    },
  },
});

describe('@zitadel/client, unchanged, over gRPC', () => {
  it('makes, reads, lists and removes users', async () => {
    const users = createUserServiceClient(transport);
    const made = await users.createUser(human('grpc-1'), {});
    expect(made.id).toBe('grpc-1');
    const read = await users.getUserByID({ userId: 'grpc-1' }, {});
    expect(read.user?.type).toMatchObject({ case: 'human', value: { profile: { givenName: 'Gee' } } });
    // The same user over Connect JSON: one handler table behind both.
    expect((await call(user('GetUserByID'), { userId: 'grpc-1' })).status).toBe(200);
    const { result } = await users.listUsers(
      { queries: [{ query: { case: 'inUserIdsQuery', value: { userIds: ['grpc-1'] } } }] },
      {},
    );
    expect(result.map(({ userId }) => userId)).toEqual(['grpc-1']);
    await users.deleteUser({ userId: 'grpc-1' }, {});
    await expect(users.getUserByID({ userId: 'grpc-1' }, {})).rejects.toMatchObject({
      code: 5,
      message: expect.stringContaining('QUERY-Dfbg2'),
      details: [expect.objectContaining({ type: 'zitadel.v1.ErrorDetail' })],
    });
  });

  it('speaks to organizations, sessions, settings, OIDC and identity providers', async () => {
    const { organizationId } = emulator.bootstrap;
    const { result } = await createOrganizationServiceClient(transport).listOrganizations({}, {});
    expect(result.map(({ id }) => id)).toContain(organizationId);
    await createUserServiceClient(transport).createUser(human('grpc-2'), {});
    const sessions = createSessionServiceClient(transport);
    const { sessionId, sessionToken } = await sessions.createSession(
      {
        checks: {
          user: { search: { case: 'loginName', value: 'grpc-2' } },
          password: { password: 'Correct-Horse1' },
        },
        metadata: { device: Buffer.from('laptop') },
      },
      {},
    );
    const { session } = await sessions.getSession({ sessionId, sessionToken }, {});
    expect(session?.factors?.user?.id).toBe('grpc-2');
    expect(Buffer.from(session?.metadata.device ?? []).toString()).toBe('laptop');
    const { settings } = await createSettingsServiceClient(transport).getPasswordComplexitySettings({}, {});
    expect(settings?.minLength).toBe(8n);
    const oidc = createOIDCServiceClient(transport);
    // Deciding on devices is for login clients.
    await expect(oidc.getDeviceAuthorizationRequest({ userCode: 'BCDF-GHJK' }, {})).rejects.toMatchObject({
      code: 7,
    });
    const idps = createIdpServiceClient(transport);
    await expect(idps.getIDPByID({ id: 'none' }, {})).rejects.toMatchObject({ code: 5 });
  });

  it('gets a wrong password as a CredentialsCheckError, and no token as Unauthenticated', async () => {
    await createUserServiceClient(transport).createUser(human('grpc-3'), {});
    const checks = {
      user: { search: { case: 'userId' as const, value: 'grpc-3' } },
      password: { password: 'wrong' },
    };
    await expect(createSessionServiceClient(transport).createSession({ checks }, {})).rejects.toMatchObject({
      code: 3,
      details: [expect.objectContaining({ type: 'zitadel.v1.CredentialsCheckError' })],
    });
    const stranger = createServerTransport('no-token', { baseUrl: emulator.issuer });
    await expect(createUserServiceClient(stranger).listUsers({}, {})).rejects.toMatchObject({ code: 16 });
  });

  it('suffers injected failures', async () => {
    emulator.controls.fail({ match: user('ListUsers'), times: 1, code: 'unavailable' });
    const users = createUserServiceClient(transport);
    await expect(users.listUsers({}, {})).rejects.toMatchObject({ code: 14 });
    await users.listUsers({}, {});
  });

  it('works over gRPC-Web as well', async () => {
    const web = createClientTransport(harness.token, { baseUrl: emulator.issuer });
    const users = createUserServiceClient(web);
    const { details } = await users.listUsers({}, {});
    expect(Number(details?.totalResult)).toBeGreaterThan(0);
    await expect(users.getUserByID({ userId: 'none' }, {})).rejects.toMatchObject({ code: 5 });
  });
});

describe('one port for all', () => {
  it('serves OIDC over HTTP/2 without TLS too', async () => {
    const client = connect(emulator.issuer);
    try {
      const text = await new Promise<string>((resolve, reject) => {
        const stream = client.request({ ':path': '/.well-known/openid-configuration' });
        let all = '';
        stream.setEncoding('utf8');
        stream.on('data', (part: string) => {
          all += part;
        });
        stream.on('end', () => resolve(all));
        stream.on('error', reject);
      });
      expect(JSON.parse(text)).toMatchObject({ issuer: emulator.issuer });
    } finally {
      client.close();
    }
  });

  it('waits until it is clear what a connection speaks', async () => {
    const { port } = new URL(emulator.issuer);
    const socket = dial({ port: Number(port), host: '127.0.0.1' });
    const answer = new Promise<string>((resolve, reject) => {
      let all = '';
      socket.on('data', (part) => {
        all += part.toString();
      });
      socket.on('end', () => resolve(all));
      socket.on('error', reject);
    });
    // PROPFIND begins as HTTP/2's preface does.
    for (const part of [
      'P',
      'R',
      'OPFIND /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    ]) {
      await new Promise((resolve) => socket.write(part, resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 404/);
  });

  it('lets a call under way end when it stops', async () => {
    const clock = new ManualClock(Date.now());
    const other = createZitadelEmulator({ clock });
    await other.start();
    other.controls.latencyMs = 100;
    const answer = fetch(`${other.issuer}/oauth/v2/keys`);
    await vi.waitUntil(() => clock.sleeping > 0);
    const stopped = other.stop();
    clock.advance(100);
    expect((await answer).status).toBe(200);
    await stopped;
  });
});
