import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNetbirdEmulator, type NetbirdEmulator } from '@drawbridge/emulators';
import { ManualClock, Secret } from '@drawbridge/kit';
import { createNetbird } from '@drawbridge/netbird';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startIssuer, type TestIssuer } from './issuer.ts';

const get = (emulator: NetbirdEmulator, path: string, authorization?: string, headers = {}) =>
  fetch(`${emulator.url}${path}`, {
    headers: { authorization: authorization ?? `Token ${emulator.bootstrap.token.expose()}`, ...headers },
  });

describe('trouble on demand', () => {
  const emulator = createNetbirdEmulator();
  beforeAll(() => emulator.start());
  afterAll(() => emulator.stop());
  afterEach(() => emulator.controls.reset());

  it('fails the calls that are named, as often as told, as NetBird or as a proxy', async () => {
    emulator.controls.fail({ match: 'GET /api/groups', times: 1 });
    emulator.controls.fail({ match: '/api/us*', status: 500, message: 'internal server error' });
    expect((await get(emulator, '/api/groups')).status).toBe(503);
    expect((await get(emulator, '/api/groups')).status).toBe(200);
    const broken = await get(emulator, '/api/users');
    expect([broken.status, await broken.json()]).toEqual([
      500,
      { message: 'internal server error', code: 500 },
    ]);
    emulator.controls.reset();
    expect((await get(emulator, '/api/users')).status).toBe(200);
  });

  it('is away, and comes back', async () => {
    emulator.controls.set({ outage: true });
    await expect(get(emulator, '/api/groups')).rejects.toThrow();
    const netbird = createNetbird({ url: emulator.url, token: emulator.bootstrap.token, random: () => 0 });
    await expect(netbird.probe()).rejects.toMatchObject({ code: 'unreachable' });
    emulator.controls.reset();
    expect((await get(emulator, '/api/groups')).status).toBe(200);
    await netbird.close();
  });

  it('is turned by other programs of this machine, and by no web page', async () => {
    const controls = (init: RequestInit) => fetch(`${emulator.url}/emulator/controls`, init);
    const set = (body: unknown) => controls({ method: 'POST', body: JSON.stringify(body) });
    expect(await (await set({ latencyMs: 1, rateLimit: { perMinute: 6, burst: 1 } })).json()).toMatchObject({
      latencyMs: 1,
      rateLimit: { burst: 1 },
    });
    for (const wrong of [[], { latencyMs: 'x' }, { outage: 1 }, { rateLimit: 5 }, { faults: [{}] }])
      expect((await set(wrong)).status).toBe(400);
    expect((await controls({ headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await controls({ method: 'PUT' })).status).toBe(405);
    expect(await (await controls({ method: 'DELETE' })).json()).toMatchObject({
      latencyMs: 0,
      rateLimit: null,
    });
    const post = (path: string, body: object) =>
      fetch(`${emulator.url}/emulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
    expect(await (await post('sign-in', { sub: '41', email: 'a@x.example' })).json()).toEqual({ id: '41' });
    const refused = await post('devices', { sub: '41', device: 'laptop' });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ message: 'user pending approval cannot add peers' });
    expect((await post('devices', { sub: '41' })).status).toBe(400);
  });
});

describe('the rate limit', () => {
  it('counts by token, refills slowly, lets terraform past, and is off at first', async () => {
    const clock = new ManualClock();
    const emulator = createNetbirdEmulator({ clock });
    await emulator.start();
    try {
      const status = async (headers = {}) => (await get(emulator, '/api/groups', undefined, headers)).status;
      for (let count = 0; count < 5; count++) expect(await status()).toBe(200);
      emulator.controls.set({ rateLimit: { perMinute: 6, burst: 2 } });
      expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
      const limited = await get(emulator, '/api/groups');
      expect(limited.headers.get('retry-after')).toBeNull();
      expect(await limited.json()).toEqual({ message: 'too many requests', code: 429 });
      expect(await status({ 'user-agent': 'terraform-provider' })).toBe(200);
      clock.advance(10_000);
      expect([await status(), await status()]).toEqual([200, 429]);
    } finally {
      await emulator.stop();
    }
  });
});

describe('tokens of people', () => {
  let issuer: TestIssuer;
  let emulator: NetbirdEmulator;

  beforeAll(async () => {
    issuer = await startIssuer();
    emulator = createNetbirdEmulator({
      tokens: { issuer: issuer.issuer, audience: ['other', 'netbird'] },
      settings: { extra: { peer_approval_enabled: false, user_approval_required: false } },
    });
    await emulator.start();
  });
  afterAll(async () => {
    await emulator.stop();
    await issuer.stop();
  });

  it('count when issuer, audience and times are right', async () => {
    const status = async (replace: Readonly<Record<string, unknown>>) => {
      const token = await issuer.accessToken({ sub: '51' }, replace);
      return (await get(emulator, '/api/users', `Bearer ${token}`)).status;
    };
    const now = Math.floor(Date.now() / 1_000);
    expect(await status({})).toBe(200);
    expect(await status({ iss: 'https://other.example' })).toBe(401);
    expect(await status({ aud: 'somebody' })).toBe(401);
    expect(await status({ exp: now - 1 })).toBe(401);
    expect(await status({ exp: undefined })).toBe(401);
    expect(await status({ iat: now + 60 })).toBe(401);
    expect(await status({ nbf: now + 60 })).toBe(401);
    expect(await status({ sub: '' })).toBe(401);
  });

  it('count for nothing where no issuer is given', async () => {
    const closed = createNetbirdEmulator();
    await closed.start();
    const token = await issuer.accessToken({ sub: '52' });
    expect((await get(closed, '/api/users', `Bearer ${token}`)).status).toBe(401);
    await closed.stop();
  });
});

describe('an account in a folder', () => {
  it('is the same after reopening, the token beside the log and not in it', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'netbird-'));
    try {
      const first = createNetbirdEmulator({ dataDir });
      await first.start();
      const token = first.bootstrap.token.expose();
      await first.firstSignIn({ sub: '61', name: 'Kept' });
      const second = createNetbirdEmulator({ dataDir });
      await expect(second.start()).rejects.toMatchObject({ code: 'locked' });
      await first.stop();
      const journal = join(dataDir, 'events.jsonl');
      expect(await readFile(journal, 'utf8')).not.toContain(token);
      for (const file of ['events.jsonl', 'token'])
        expect((await stat(join(dataDir, file))).mode & 0o077).toBe(0);
      await appendFile(journal, '[{"type":"cut o');
      await second.start();
      expect(second.bootstrap.token.expose()).toBe(token);
      const netbird = createNetbird({ url: second.url, token: new Secret(token) });
      expect(await netbird.users.findBySubject('61')).toMatchObject({ name: 'Kept' });
      await netbird.close();
      await second.stop();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

describe('its events', () => {
  it('tell everything that happened, numbered, with who did it and no token', async () => {
    const emulator = createNetbirdEmulator();
    await emulator.start();
    const netbird = createNetbird({ url: emulator.url, token: emulator.bootstrap.token });
    await emulator.firstSignIn({ sub: '71' });
    await netbird.users.approve('71');
    await netbird.users.remove('71');
    const types = emulator.events.map(({ type }) => type).filter((type) => type.startsWith('user.'));
    expect(types).toEqual(['user.join', 'user.join', 'user.approve', 'user.delete']);
    expect(emulator.events.map(({ sequence }) => sequence)).toEqual(emulator.events.map((_, at) => at + 1));
    expect(JSON.stringify(emulator.events)).not.toContain(emulator.bootstrap.token.expose());
    await netbird.close();
    await emulator.stop();
  });
});
