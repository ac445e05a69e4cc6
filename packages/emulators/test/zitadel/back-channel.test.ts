import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createZitadelEmulator } from '@drawbridge/emulators';
import { ManualClock } from '@drawbridge/kit';
import { afterEach, describe, expect, it } from 'vitest';
import { application, post, project, serviceAccountToken, session, user } from './support.ts';

const oidc = (name: string) => `zitadel.oidc.v2.OIDCService/${name}`;
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one();
});

/** An application's place for logouts, which answers what it is told to, the last one again and again. */
async function place(...statuses: number[]) {
  const calls: { readonly type: string | undefined; readonly body: string }[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      calls.push({ type: request.headers['content-type'], body });
      response.writeHead(statuses[Math.min(calls.length, statuses.length) - 1] ?? 200).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  undo.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return { calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout` };
}

/** An emulator on a clock of ours, and somebody who got tokens for an application in a session. */
async function signedIn(backChannelLogoutUri: string) {
  const clock = new ManualClock(Date.now());
  const emulator = createZitadelEmulator({ clock });
  await emulator.start();
  undo.push(() => emulator.stop());
  const token = await serviceAccountToken(emulator);
  const call = async (method: string, body: unknown) =>
    (await post(fetch, `${emulator.issuer}/${method}`, body, token)).body;
  const { organizationId, serviceAccountKey } = emulator.bootstrap;
  await call('zitadel.internal_permission.v2.InternalPermissionService/UpdateAdministrator', {
    userId: serviceAccountKey.userId,
    resource: { instance: true },
    roles: ['IAM_OWNER', 'IAM_LOGIN_CLIENT'],
  });
  const { projectId } = await call(project('CreateProject'), { organizationId, name: 'p' });
  const made = await call(application('CreateApplication'), {
    projectId,
    name: 'app',
    oidcConfiguration: {
      responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
      grantTypes: ['OIDC_GRANT_TYPE_DEVICE_CODE'],
      applicationType: 'OIDC_APP_TYPE_NATIVE',
      authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
      backChannelLogoutUri,
    },
  });
  const { clientId = '' } = made.oidcConfiguration as { clientId?: string };
  await call(user('CreateUser'), {
    organizationId,
    userId: 'ada',
    human: {
      profile: { givenName: 'Ada', familyName: 'O' },
      email: { email: 'ada@example.com', isVerified: true },
      password: { password: 'Correct-Horse1' },
    },
  });
  const checks = { user: { userId: 'ada' }, password: { password: 'Correct-Horse1' } };
  const { sessionId, sessionToken } = await call(session('CreateSession'), { checks });
  const form = async (path: string, fields: Record<string, string>) =>
    (await (
      await fetch(`${emulator.issuer}${path}`, { method: 'POST', body: new URLSearchParams(fields) })
    ).json()) as Record<string, string>;
  const device = await form('/oauth/v2/device_authorization', { client_id: clientId, scope: 'openid' });
  const { deviceAuthorizationRequest } = await call(oidc('GetDeviceAuthorizationRequest'), {
    userCode: device.user_code,
  });
  await call(oidc('AuthorizeOrDenyDeviceAuthorization'), {
    deviceAuthorizationId: (deviceAuthorizationRequest as { id: string }).id,
    session: { sessionId, sessionToken },
  });
  const issued = await form('/oauth/v2/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: clientId,
    device_code: device.device_code ?? '',
  });
  expect(issued.id_token).toBeDefined();
  return {
    emulator,
    clock,
    end: () => call(session('DeleteSession'), { sessionId }),
    told: () => [...emulator.events].filter(({ type }) => type === 'session_logout.back_channel.sent').length,
  };
}

describe('back-channel logout', () => {
  it('posts a form once, and writes down that it was told', async () => {
    const app = await place(204);
    const { emulator, end, told } = await signedIn(app.url);
    await end();
    await end();
    await emulator.settled();
    expect(app.calls).toEqual([
      { type: 'application/x-www-form-urlencoded', body: expect.stringMatching(/^logout_token=[\w.-]+$/) },
    ]);
    expect(told()).toBe(1);
  });

  it('counts an answer of 400 as told', async () => {
    const app = await place(400);
    const { emulator, end, told } = await signedIn(app.url);
    await end();
    await emulator.settled();
    expect(told()).toBe(1);
  });

  it('tries three times, a second and then sixteen apart, with a new token each', async () => {
    const app = await place(500, 302, 503);
    const { emulator, clock, end, told } = await signedIn(app.url);
    await end();
    for (const [seconds, calls] of [
      [1, 2],
      [16, 3],
    ] as const) {
      await emulator.settled();
      expect(app.calls).toHaveLength(calls - 1);
      clock.advance(seconds * 1_000 - 1);
      await emulator.settled();
      expect(app.calls).toHaveLength(calls - 1);
      clock.advance(1);
      await expect.poll(() => app.calls.length).toBe(calls);
    }
    await emulator.settled();
    clock.advance(86_400_000);
    await emulator.settled();
    expect(app.calls).toHaveLength(3);
    expect(new Set(app.calls.map(({ body }) => body)).size).toBe(3);
    expect(told()).toBe(0);
  });

  it('is over when the second try is taken', async () => {
    const app = await place(500, 200);
    const { emulator, clock, end, told } = await signedIn(app.url);
    await end();
    await emulator.settled();
    clock.advance(1_000);
    await expect.poll(told).toBe(1);
    clock.advance(3_600_000);
    await emulator.settled();
    expect(app.calls).toHaveLength(2);
  });

  it('ends with the emulator, whatever was to be tried again', async () => {
    const app = await place(500);
    const { emulator, clock, end } = await signedIn(app.url);
    await end();
    await emulator.settled();
    await emulator.stop();
    clock.advance(3_600_000);
    expect(app.calls).toHaveLength(1);
  });
});
