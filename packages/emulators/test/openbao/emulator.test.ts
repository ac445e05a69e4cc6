import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenbaoEmulator } from '@drawbridge/emulators';
import { ManualClock, Secret } from '@drawbridge/kit';
import { createOpenbao } from '@drawbridge/openbao';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startIssuer } from './issuer.ts';

const clock = new ManualClock(Date.now());
const emulator = createOpenbaoEmulator({ clock });
beforeAll(() => emulator.start());
afterEach(() => {
  emulator.controls.reset();
  emulator.unseal();
});
afterAll(() => emulator.stop());

const client = (token?: Secret) =>
  createOpenbao({ url: emulator.url, token: token ?? emulator.bootstrap.rootToken, totalMs: 2_000 });
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { readonly code?: string }) => error.code,
  );

describe('the emulated OpenBao', () => {
  it('is initialized and unsealed as a real one: key by key, and a wrong one costs all', async () => {
    const fresh = createOpenbaoEmulator({ initialized: false });
    await fresh.start();
    try {
      const openbao = createOpenbao({ url: fresh.url });
      expect((await openbao.system.health()).state).toBe('uninitialized');
      expect(await code(openbao.system.requireActive())).toBe('openbao_not_initialized');
      const { unsealKeys, rootToken } = await openbao.system.init({ shares: 3, threshold: 2 });
      expect((await openbao.system.health()).state).toBe('sealed');
      const [first, second, third] = unsealKeys;
      if (!first || !second || !third) throw new Error('three keys were asked for');
      expect(await openbao.system.unseal([first])).toMatchObject({ sealed: true, progress: 1 });
      const wrong = new Secret(Buffer.alloc(32, 1).toString('base64'));
      expect(await code(openbao.system.unseal([wrong]))).toBe('openbao_invalid_argument');
      expect((await openbao.system.unseal([third, second])).sealed).toBe(false);
      await openbao.as({ token: rootToken }).mounts.enable('kv', { type: 'kv', options: { version: '2' } });
      expect(await code(openbao.system.init())).toBe('openbao_invalid_argument');
      await openbao.close();
    } finally {
      await fresh.stop();
    }
  });

  it('seals, is a standby, is late, breaks and limits when it is told to', async () => {
    const openbao = client();
    emulator.seal();
    expect(await code(openbao.kv().get('a'))).toBe('openbao_sealed');
    expect((await openbao.system.health()).state).toBe('sealed');
    emulator.unseal();
    emulator.controls.set({ standby: true });
    expect((await openbao.system.health()).state).toBe('standby');
    emulator.controls.set({ standby: false, quota: 1 });
    const answers = await Promise.all([0, 1, 2].map(() => fetch(`${emulator.url}/v1/sys/auth`)));
    expect(answers.map(({ status }) => status).filter((status) => status === 429)).toHaveLength(2);
    emulator.controls.set({ quota: null, faults: [{ match: '/v1/secret/*', times: 1 }] });
    expect(await code(openbao.kv().get('a'))).toBe('openbao_not_found');
    emulator.controls.set({ outage: true });
    await expect(fetch(`${emulator.url}/v1/sys/health`)).rejects.toThrow();
    await openbao.close();
  });

  it('lets tokens end with their time, their last use, and their parents', async () => {
    const openbao = client();
    const parent = await openbao.tokens.create({ policies: ['default'], ttl: '1h' });
    const once = await openbao.tokens.create({ policies: ['default'], uses: 1 });
    const look = (token: Secret) => code(openbao.tokens.lookupSelf({ token }));
    expect([await look(once.token), await look(once.token)]).toEqual(['none', 'openbao_denied']);
    clock.advance(3_599_000);
    expect(await look(parent.token)).toBe('none');
    clock.advance(1_000);
    expect(await look(parent.token)).toBe('openbao_denied');
    await openbao.close();
  });

  it('takes keys that were rotated, and locks a name out after five failures', async () => {
    const issuer = await startIssuer();
    const openbao = client();
    try {
      await openbao.auth.enable('jwt', { type: 'jwt' });
      const keys = { from: 'jwks', url: `${issuer.url}/keys` } as const;
      await openbao.jwt().writeConfig({ keys, boundIssuer: issuer.url, defaultRole: 'dev' });
      const leeways = { clockSkewSeconds: 10, expirationLeewaySeconds: -1, notBeforeLeewaySeconds: -1 };
      await openbao.jwt().writeRole('dev', { boundAudiences: ['app'], ...leeways });
      const seconds = Math.floor(clock.now() / 1_000);
      const claims = { iss: issuer.url, sub: 'ada', aud: 'app', iat: seconds, exp: seconds + 300 };
      const login = async () => openbao.jwt().login({ jwt: new Secret(await issuer.sign(claims)) });
      expect((await login()).metadata).toEqual({ role: 'dev' });
      await issuer.rotate();
      expect((await login()).metadata).toEqual({ role: 'dev' });

      await openbao.auth.enable('userpass', { type: 'userpass' });
      await openbao.userpass().writeUser('ada', { password: new Secret('right') });
      const enter = (password: string) =>
        code(openbao.userpass().login({ name: 'ada', password: new Secret(password) }));
      for (let count = 0; count < 5; count++) expect(await enter('wrong')).toBe('openbao_login_refused');
      expect(await enter('right')).toBe('openbao_login_refused');
      clock.advance(16 * 60_000);
      expect(await enter('right')).toBe('none');
    } finally {
      await openbao.close();
      await issuer.stop();
    }
  });

  it('keeps everything in its folder but tokens and keys, of which its log holds hashes', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'openbao-'));
    try {
      const first = createOpenbaoEmulator({ dataDir });
      await first.start();
      const root = first.bootstrap.rootToken;
      const openbao = createOpenbao({ url: first.url, token: root });
      await openbao.kv().put('harmony/a', { x: 1 });
      const login = await openbao.tokens.create({ policies: ['default'], ttl: '1h' });
      await openbao.close();
      await first.stop();
      const log = await readFile(join(dataDir, 'events.jsonl'), 'utf8');
      expect(log).not.toContain(root.expose());
      expect(log).not.toContain(login.token.expose());

      const second = createOpenbaoEmulator({ dataDir });
      await second.start();
      const again = createOpenbao({ url: second.url, token: second.bootstrap.rootToken });
      expect((await again.kv().get('harmony/a')).data.expose()).toEqual({ x: 1 });
      expect((await again.tokens.lookupSelf({ token: login.token })).policies).toEqual(['default']);
      await again.close();
      await second.stop();
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });

  it('has a page for people of this machine that shows no value of a secret', async () => {
    const openbao = client();
    await openbao.kv().put('harmony/<b>page', { password: 'correct-horse' });
    const page = await fetch(`${emulator.url}/ui`);
    const text = await page.text();
    expect(text).toContain('harmony/&lt;b&gt;page');
    expect(text).not.toContain('correct-horse');
    expect(text).not.toContain(emulator.bootstrap.rootToken.expose());
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const post = (origin: string) =>
      fetch(`${emulator.url}/emulator/page`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin },
        body: new URLSearchParams({ do: 'save', latencyMs: '0', sealed: 'on' }),
      });
    expect((await post('https://evil.example')).status).toBe(403);
    expect((await post(emulator.url)).status).toBe(303);
    expect((await openbao.system.health()).state).toBe('sealed');
    await openbao.close();
  });
});
