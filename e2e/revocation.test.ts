import { type Database, openDatabase } from '@drawbridge/directory';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import {
  addReceiverRoute,
  createCatchUp,
  createEventExecutions,
  createEventReader,
  createInbox,
  createReceiver,
  createRevocations,
  createSigningKeys,
} from '@drawbridge/events';
import { createHttpServer, type HttpServer, ManualClock } from '@drawbridge/kit';
import {
  createTokenSource,
  createVerifier,
  createZitadel,
  parseApplicationKey,
  parseServiceAccount,
  type RevocationFeed,
  type TokenVerifier,
  type Zitadel,
} from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let emulator: ZitadelEmulator;
let zitadel: Zitadel;
let database: Database;
let server: HttpServer;
let projectId: string;
let applicationKey: string;
let machines = 0;
let people = 0;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  emulator = createZitadelEmulator({ outboundDenyList: [] });
  await emulator.start();
  zitadel = createZitadel({
    issuer: emulator.issuer,
    credentials: parseServiceAccount(JSON.stringify(emulator.bootstrap.serviceAccountKey)),
  });
  const { organizationId } = emulator.bootstrap;
  ({ id: projectId } = await zitadel.projects.create({ organizationId, name: 'API' }));
  const application = await zitadel.applications.create({
    projectId,
    name: 'api',
    apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
  });
  const key = await zitadel.applications.createKey(
    projectId,
    application.id,
    new Date(Date.now() + 3_600_000),
  );
  applicationKey = key.expose();
  database = await openDatabase({ memory: true });
  await database.migrate();
});
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  await zitadel.close();
  await database.close();
  await emulator.stop();
});

/** A machine with JWT access tokens, and one of them for the API. */
async function machineWithToken(): Promise<{ readonly userId: string; readonly token: string }> {
  machines += 1;
  const { id: userId } = await zitadel.users.create({
    organizationId: emulator.bootstrap.organizationId,
    username: `robot-${machines}`,
    machine: { name: 'Robot', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
  });
  const { keyFile } = await zitadel.users.addKey(userId, { expiresAt: new Date(Date.now() + 3_600_000) });
  const tokens = createTokenSource({
    issuer: emulator.issuer,
    credentials: parseServiceAccount(keyFile?.expose() ?? ''),
    fetch: zitadel.fetch,
    scope: `openid urn:zitadel:iam:org:project:id:${projectId}:aud`,
  });
  const token = (await tokens.get()).expose();
  tokens.close();
  return { userId, token };
}

/** A person's token on a device that was let in by a session, as a login page of one's own does it. */
async function personOnDevice(): Promise<{ readonly token: string; readonly sessionId: string }> {
  const { organizationId } = emulator.bootstrap;
  people += 1;
  const { clientId } = await zitadel.applications.create({
    projectId,
    name: `device ${people}`,
    oidcConfiguration: {
      responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
      grantTypes: ['OIDC_GRANT_TYPE_DEVICE_CODE'],
      applicationType: 'OIDC_APP_TYPE_NATIVE',
      authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
      accessTokenType: 'OIDC_TOKEN_TYPE_JWT',
    },
  });
  const password = 'Correct-Horse1';
  const { id: userId } = await zitadel.users.create({
    organizationId,
    username: `ada-${people}`,
    human: {
      profile: { givenName: 'Ada', familyName: 'Okafor' },
      email: { email: 'ada@acme.example', isVerified: true },
      password: { password },
    },
  });
  const { id: loginId } = await zitadel.users.create({
    organizationId,
    username: `login-${people}`,
    machine: { name: 'Login' },
  });
  await zitadel.administrators.create({
    userId: loginId,
    resource: { instance: true },
    roles: ['IAM_LOGIN_CLIENT'],
  });
  const { keyFile } = await zitadel.users.addKey(loginId, { expiresAt: new Date(Date.now() + 3_600_000) });
  const login = createZitadel({
    issuer: emulator.issuer,
    credentials: parseServiceAccount(keyFile?.expose() ?? ''),
  });
  try {
    const session = await login.sessions.create({ checks: { user: { userId }, password: { password } } });
    const form = async (path: string, fields: Record<string, string>) => {
      const answer = await zitadel.fetch(`${emulator.issuer}${path}`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: clientId, ...fields }),
      });
      return (await answer.json()) as Record<string, string>;
    };
    const device = await form('/oauth/v2/device_authorization', { scope: 'openid' });
    const { id } = await login.devices.find(device.user_code ?? '');
    await login.devices.approve(id, { id: session.id, token: session.token });
    const answer = await form('/oauth/v2/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code ?? '',
    });
    return { token: answer.access_token ?? '', sessionId: session.id };
  } finally {
    await login.close();
  }
}

/** A verifier that counts how often it asks Zitadel. */
function verifierWith(options: { readonly revocations?: RevocationFeed; readonly clock?: ManualClock }): {
  readonly verifier: TokenVerifier;
  readonly asked: () => number;
} {
  let asked = 0;
  const verifier = createVerifier({
    issuer: emulator.issuer,
    audience: projectId,
    client: parseApplicationKey(applicationKey),
    http: {
      fetch: async (input, init) => {
        if (String(input).endsWith('/introspect')) asked += 1;
        return await zitadel.fetch(input, init);
      },
    },
    ...options,
  });
  return { verifier, asked: () => asked };
}

/** Waits until a token is no longer accepted. @returns milliseconds */
async function timeToDenial(verifier: TokenVerifier, token: string): Promise<number> {
  const began = performance.now();
  while ((await verifier.verify(token)).active) {
    if (performance.now() - began > 20_000) throw new Error('the token is still accepted');
    await new Promise((resolve) => setImmediate(resolve));
  }
  return performance.now() - began;
}

describe('a deactivated user', () => {
  it('S19 is denied 30 s later at most, without any event', async () => {
    const { userId, token } = await machineWithToken();
    const clock = new ManualClock(Date.now());
    const { verifier } = verifierWith({ clock });
    expect((await verifier.verify(token)).active).toBe(true);
    await zitadel.users.deactivate(userId);
    clock.advance(29_000);
    expect((await verifier.verify(token)).active, 'what was confirmed serves for its TTL').toBe(true);
    clock.advance(1_000);
    expect((await verifier.verify(token)).active).toBe(false);
  });
});

it('S19 a terminated session takes its tokens along 30 s later at most, without any event', async () => {
  const { token, sessionId } = await personOnDevice();
  const clock = new ManualClock(Date.now());
  const { verifier } = verifierWith({ clock });
  expect((await verifier.verify(token)).active).toBe(true);
  await zitadel.sessions.remove(sessionId);
  clock.advance(30_000);
  expect((await verifier.verify(token)).active).toBe(false);
});

describe('with the events of Zitadel', () => {
  let revocations: RevocationFeed;

  beforeAll(async () => {
    const { id: instance } = await zitadel.instance.get();
    const reader = createEventReader(zitadel.events, instance);
    const feed = createRevocations({ database, instance, reader, pollMs: 200 });
    revocations = feed;
    const inbox = createInbox({ database, instance, consumers: [feed.consumer], pollMs: 100 });
    await inbox.register();
    server = await createHttpServer({ name: 'events', port: 0 });
    let endpoint = '';
    const executions = () =>
      createEventExecutions({
        actions: zitadel.actions,
        endpoint,
        eventTypes: feed.consumer.eventTypes,
      });
    const keys = createSigningKeys({ load: () => executions().signingKey(), cooldownMs: 0 });
    await addReceiverRoute(server, { receiver: createReceiver({ inbox, keys }) });
    await server.start();
    endpoint = `${server.url}/webhooks/zitadel/events`;
    await executions().ensure();
    const catchUp = createCatchUp({ database, inbox, reader, intervalMs: 500 });
    inbox.start();
    catchUp.start();
    feed.start();
    stops.push(
      () => feed.stop(),
      () => inbox.stop(),
      () => catchUp.stop(),
      () => server.stop(),
    );
    await vi.waitFor(() => expect(revocations.ageMs()).toBeLessThan(5_000), { timeout: 20_000 });
  });

  it('S19 a deactivated user is denied within 5 s, and accepted before without asking Zitadel each time', async () => {
    const { userId, token } = await machineWithToken();
    const { verifier, asked } = verifierWith({ revocations });
    await expect.poll(async () => (await verifier.verify(token)).active, { timeout: 10_000 }).toBe(true);
    const before = asked();
    for (let count = 0; count < 50; count++) expect((await verifier.verify(token)).active).toBe(true);
    expect(asked() - before, 'the feed is fresh: nothing is asked').toBe(0);

    await zitadel.users.deactivate(userId);
    const denied = await timeToDenial(verifier, token);
    expect(denied).toBeLessThan(5_000);
  });

  it('S19 a terminated session takes its tokens along within 5 s', async () => {
    const { token, sessionId } = await personOnDevice();
    const { verifier, asked } = verifierWith({ revocations });
    await expect.poll(async () => (await verifier.verify(token)).active, { timeout: 10_000 }).toBe(true);
    const before = asked();
    expect((await verifier.verify(token)).active).toBe(true);
    expect(asked(), 'the feed is fresh: nothing is asked').toBe(before);

    await zitadel.sessions.remove(sessionId);
    expect(await timeToDenial(verifier, token)).toBeLessThan(5_000);
  });
});
