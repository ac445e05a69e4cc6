import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Directory, putZitadelIntegration } from '@drawbridge/directory';
import { ManualClock, Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSealer } from '../../src/sealing/index.ts';
import { SessionStore } from '../../src/web/session-store.ts';
import { databases } from '../support/databases.ts';
import { openDirectoryOn, openWorld, type World } from '../support/world.ts';

describe.each(databases)('back-channel logout on $name', (kind) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const clock = new ManualClock(Date.now());
  const secretKeys = [new Secret(Buffer.alloc(32, 9).toString('base64'))];
  let issuerServer: Server;
  let issuer: string;
  let world: World;
  let directory: Directory;
  let drop: () => Promise<void>;
  let store: SessionStore;
  let integrationId: string;
  let tokens = 0;

  /** An issuer of nothing but keys. */
  beforeAll(async () => {
    const jwk = {
      ...createPublicKey(privateKey).export({ format: 'jwk' }),
      kid: 'k1',
      alg: 'RS256',
      use: 'sig',
    };
    issuerServer = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => {
      issuerServer.listen(0, '127.0.0.1', resolve);
    });
    issuer = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
    world = await openWorld();
    const own = await kind.location();
    drop = own.close;
    directory = await openDirectoryOn(world, own.location, { clock, secretKeys });
    integrationId = await directory.database.transaction((trx) =>
      putZitadelIntegration(trx, {
        name: 'main',
        issuer,
        projectId: world.projectId,
        clientId: 'api',
        clientSecret: 'env:UNUSED',
        serviceAccount: `file:${world.keyPath}`,
        web: { clientId: 'web' },
        management: { clientId: 'management' },
        actor: 'test',
        at: new Date(),
      }),
    );
    const { database } = directory;
    const lives = { idleMs: 3_600_000, maxMs: 3_600_000 };
    store = new SessionStore({ database, sealer: createSealer({ keys: secretKeys }), clock, ...lives });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await drop();
    await world.close();
    await new Promise((resolve) => {
      issuerServer.close(resolve);
    });
  });

  const subjects = async () => {
    const rows = await directory.database.db
      .selectFrom('web_sessions')
      .select(['subject', 'zitadel_session_id'])
      .execute();
    return rows.map(({ subject, zitadel_session_id }) => `${subject} ${zitadel_session_id}`).toSorted();
  };
  const addSession = (subject: string, zitadelSessionId: string) =>
    store.add({
      application: 'console',
      integrationId,
      subject,
      zitadelSessionId,
      name: '',
      email: '',
      tokens: { accessToken: new Secret(subject), accessExpiresAt: clock.now() + 3_600_000 },
    });

  beforeEach(async () => {
    await directory.database.db.deleteFrom('web_sessions').execute();
    for (const [subject, session] of [
      ['ada', 's1'],
      ['ada', 's2'],
      ['sam', 's3'],
    ] as const)
      await addSession(subject, session);
  });

  function logoutToken(claims: Record<string, unknown>): string {
    tokens += 1;
    const now = Math.floor(clock.now() / 1_000);
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = encode({ alg: 'RS256', kid: 'k1', typ: 'logout+jwt' });
    const body = encode({
      iss: issuer,
      aud: ['web'],
      jti: `j${tokens}`,
      iat: now,
      exp: now + 120,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      ...claims,
    });
    return `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), privateKey).toString('base64url')}`;
  }

  const post = (token: string, type = 'application/x-www-form-urlencoded') =>
    fetch(`${directory.url}/auth/back-channel-logout`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: new URLSearchParams({ logout_token: token }).toString(),
    });

  it('ends the session that it names', async () => {
    const answer = await post(logoutToken({ sid: 's1', sub: 'ada' }));
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await subjects()).toEqual(['ada s2', 'sam s3']);
  });

  it('ends all sessions of a user where it names no session', async () => {
    expect((await post(logoutToken({ sub: 'ada' }))).status).toBe(200);
    expect(await subjects()).toEqual(['sam s3']);
  });

  it('ends nothing where session and user do not belong together', async () => {
    expect((await post(logoutToken({ sid: 's3', sub: 'ada' }))).status).toBe(200);
    expect(await subjects()).toEqual(['ada s1', 'ada s2', 'sam s3']);
  });

  it('counts once: a replay is refused, and could not end a later session either', async () => {
    const token = logoutToken({ sub: 'ada' });
    expect((await post(token)).status).toBe(200);
    clock.advance(61_000);
    await addSession('ada', 's4');
    expect((await post(token)).status).toBe(400);
    expect((await post(logoutToken({ sub: 'ada', iat: Math.floor(clock.now() / 1_000) - 61 }))).status).toBe(
      200,
    );
    expect(await subjects()).toEqual(['ada s4', 'sam s3']);
  });

  it.each([
    ['for another application', () => logoutToken({ sub: 'ada', aud: 'other' })],
    ['that was changed', () => `${logoutToken({ sub: 'ada' }).slice(0, -4)}AAAA`],
    ['that is none', () => 'x'],
    ['that is empty', () => ''],
  ])('a token %s ends nothing', async (_name, token) => {
    const refused = await post(token());
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_request' }),
    ]);
    expect(await subjects()).toHaveLength(3);
  });

  it('takes a form alone', async () => {
    expect((await post(logoutToken({ sub: 'ada' }), 'application/json')).status).toBe(400);
    expect((await post(logoutToken({ sub: 'ada' }), 'text/plain')).status).toBeGreaterThanOrEqual(400);
    expect(await subjects()).toHaveLength(3);
  });
});
