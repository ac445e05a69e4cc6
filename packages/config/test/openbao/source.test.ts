import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConfigManager, defineConfig, type StaleEvent } from '@drawbridge/config';
import { createOpenbaoSession, type OpenbaoSession, openbaoSource } from '@drawbridge/config/openbao';
import { Secret } from '@drawbridge/kit/core';
import { createOpenbao } from '@drawbridge/openbao';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Sso, startSso } from '../support/sso.ts';

let sso: Sso;
let folder: string;
const closers: (() => Promise<unknown>)[] = [];
const minute = 60_000;

beforeAll(async () => {
  sso = await startSso();
  await sso.setUp();
  await sso.addUser('ada');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-config-'));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  sso.openbao().controls.reset();
  sso.openbao().unseal();
  [sso.clock.offsetMs, sso.openbaoClock.offsetMs] = [0, 0];
  sso.zitadel.controls.reset();
  for (const key of await sso.root().kv().list('harmony/dev'))
    await sso.root().kv().purge(`harmony/dev/${key}`);
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => sso.stop());

/** A process of somebody, with the cache that outlives it. */
async function process(as: 'person' | 'machine' = 'machine') {
  const { session: person, asked } = await sso.person(join(folder, 'sessions'));
  const session: OpenbaoSession = createOpenbaoSession({
    url: sso.openbao().url,
    clock: sso.clock,
    folder: join(folder, 'tokens'),
    as:
      as === 'person'
        ? { kind: 'person', session: person, request: sso.asking('ada') }
        : { kind: 'machine', token: () => sso.machine(), subject: 'ci' },
  });
  const stale: StaleEvent[] = [];
  const source = openbaoSource({
    session,
    app: 'harmony',
    environment: 'dev',
    cacheFolder: join(folder, 'cache'),
  });
  const config = createConfigManager({
    sources: [source],
    clock: sso.clock,
    cache: { freshMs: 15 * minute, maxAgeMs: 60 * minute },
    onStale: (event) => stale.push(event),
  });
  const close = async () => {
    await config.close();
    await session.close();
  };
  closers.push(close);
  return { config, session, stale, close, asked };
}
const cachedFiles = async () =>
  (await readdir(join(folder, 'cache'), { recursive: true }).catch(() => [])).filter((name) =>
    name.endsWith('.json'),
  );
const text = defineConfig('greeting', z.string(), { secret: true });

describe('values in OpenBao', () => {
  it('are read as they are written, whatever their shape', async () => {
    const { config } = await process();
    for (const value of [{ a: 1, b: { c: [true, null] } }, 'text', 0, false, [1, 2], { value: 'x' }, {}]) {
      await config.set('shape', value);
      const same = defineConfig(
        'shape',
        z.custom((given) => JSON.stringify(given) === JSON.stringify(value)),
      );
      expect(await config.get(same)).toEqual(value);
    }
  });

  it('carry version and time, and the author where somebody noted one', async () => {
    const { config } = await process();
    await config.set(text, 'hello');
    await sso
      .root()
      .kv()
      .writeMetadata('harmony/dev/greeting', { customMetadata: { 'drawbridge-by': 'ada' } });
    expect((await config.explain(text)).sources[0]).toMatchObject({
      name: 'OpenBao',
      state: 'found',
      where: 'secret/harmony/dev/greeting',
      version: 1,
      by: 'ada',
      at: expect.closeTo(sso.clock.now(), -5),
    });
  });

  it('are refused by name where rights or the engine are missing', async () => {
    const { session } = await process();
    const other = openbaoSource({ session, app: 'other', environment: 'dev' });
    await expect(other.read('a', { mayAsk: false })).rejects.toMatchObject({
      code: 'openbao_denied',
      message: 'secret/other/dev/a may not be read with your rights in OpenBao.',
      info: { exit: 4 },
    });
    const root = openbaoSource({
      session: async () => sso.root(),
      mount: 'nope',
      app: 'a',
      environment: 'b',
    });
    await expect(root.read('a', { mayAsk: false })).rejects.toMatchObject({
      code: 'openbao_missing_mount',
      message: 'OpenBao has no KV engine for nope/a/b/a.',
    });
    expect(await root.list?.({ mayAsk: false }).catch((error: { code: string }) => error.code)).toBe(
      'openbao_missing_mount',
    );
    expect(() => openbaoSource({ session, app: '../x', environment: 'dev' })).toThrow(
      expect.objectContaining({ code: 'invalid_settings' }),
    );
  });
});

describe('values of a team', () => {
  it('are in the folder that the role of the team opens', async () => {
    const store = openbaoSource({
      session: async () => sso.root(),
      app: 'teams/payments',
      environment: 'prod',
    });
    expect(await store.write?.('api-key', 'sk', {})).toEqual({
      where: 'secret/teams/payments/prod/api-key',
      version: 1,
    });
    expect(await store.list?.({ mayAsk: false })).toEqual(['api-key']);
    for (const app of ['/teams', 'teams/', 'teams//x', 'teams/../x', '.', 'Teams'])
      expect(() => openbaoSource({ session: async () => sso.root(), app, environment: 'x' })).toThrow(
        expect.objectContaining({ code: 'invalid_settings' }),
      );
  });
});

describe('values that are kept for other processes', () => {
  it('need no call at all while they are fresh, and no client is made', async () => {
    const first = await process();
    await first.config.set(text, 'hello');
    await first.config.get(text);
    await first.close();
    sso.openbao().controls.set({ outage: true });
    sso.zitadel.controls.set({ outage: true });
    const second = await process();
    expect((await second.config.get(text)).expose()).toBe('hello');
    expect((await second.config.explain(text)).sources[0]?.cached).toMatchObject({ stale: false });
  });

  it('S34 are in files of mode 0600 that are named by nobody, and belong to who read them', async () => {
    const { config, close } = await process();
    await config.set(text, 'hello');
    await config.get(text);
    await close();
    const [name = '', ...others] = await cachedFiles();
    expect(others).toEqual([]);
    expect(name).toMatch(/^[0-9a-f]{32}\/[0-9a-f]{32}\.json$/);
    expect((await stat(join(folder, 'cache', name))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'cache', name), 'utf8')).toContain('hello');
    const ada = await process('person');
    sso.openbao().seal();
    await expect(ada.config.get(text)).rejects.toMatchObject({ code: 'openbao_sealed' });
  });

  it.each(['sealed', 'gone', 'refused'] as const)(
    'serve within their age while OpenBao is %s, marked stale; beyond it the trouble is told',
    async (trouble) => {
      const first = await process();
      await first.config.set(text, 'hello');
      await first.config.get(text);
      await first.close();
      if (trouble === 'sealed') sso.openbao().seal();
      else if (trouble === 'gone') sso.openbao().controls.set({ outage: true });
      else {
        sso.openbaoClock.offsetMs = 7_200_000;
        const message = 'role "harmony-developer" could not be found';
        sso.openbao().controls.fail({ match: 'POST /v1/auth/jwt/login', status: 400, message });
      }
      sso.clock.offsetMs = 30 * minute;
      const { config, stale, session } = await process();
      expect((await config.get(text)).expose()).toBe('hello');
      await vi.waitFor(() => expect(stale).toHaveLength(1), 10_000);
      const code = { sealed: 'openbao_sealed', gone: 'unreachable', refused: 'openbao_login_refused' }[
        trouble
      ];
      expect(stale[0]).toMatchObject({ key: 'greeting', source: 'OpenBao', error: { code } });
      expect((await config.explain(text)).sources[0]?.cached).toMatchObject({ stale: true, failure: code });
      sso.clock.offsetMs = 61 * minute;
      await expect(config.get(text)).rejects.toMatchObject({ code });
      await session.close();
    },
  );

  it('are served while the person would have to sign in again, and the background asks nobody', async () => {
    const first = await process('person');
    await first.config.set(text, 'hello');
    await first.config.get(text);
    await first.session.openbao().then((openbao) => openbao.tokens.revokeSelf());
    await first.close();
    sso.zitadel.controls.set({ outage: true });
    sso.clock.offsetMs = 30 * minute;
    const second = await process('person');
    expect((await second.config.get(text)).expose()).toBe('hello');
    await second.config.close();
    expect(second.asked()).toBe(0);
  });

  it('that cannot be read are asked for anew', async () => {
    const first = await process();
    await first.config.set(text, 'hello');
    await first.config.get(text);
    await first.close();
    const [name = ''] = await cachedFiles();
    await rm(join(folder, 'cache', name));
    await mkdir(join(folder, 'cache', name));
    expect((await (await process()).config.get(text)).expose()).toBe('hello');
    for (const broken of ['', '{', '{"format":1,"path":"other","at":1,"answer":{"state":"found"}}']) {
      await rm(join(folder, 'cache', name), { recursive: true, force: true });
      await writeFile(join(folder, 'cache', name), broken);
      expect((await (await process()).config.get(text)).expose()).toBe('hello');
    }
  });

  it('are dropped where the right to them was taken away', async () => {
    const first = await process();
    await first.config.set(text, 'hello');
    await first.config.get(text);
    await first.close();
    const policy = 'path "secret/data/harmony/prod/*" { capabilities = ["read"] }';
    await sso.root().policies.write('harmony-dev', policy);
    sso.clock.offsetMs = 30 * minute;
    const { config } = await process();
    expect((await config.get(text)).expose()).toBe('hello');
    await vi.waitFor(async () => expect(await cachedFiles()).toEqual([]), 10_000);
    await expect(config.get(text)).rejects.toMatchObject({ code: 'openbao_denied' });
    await sso.setUp();
    expect((await config.get(text)).expose()).toBe('hello');
  });

  it('S33 are deleted at the logout of who read them', async () => {
    const { config, session } = await process();
    await config.set(text, 'hello');
    await config.get(text);
    await config.close();
    expect(await cachedFiles()).toHaveLength(1);
    expect(await session.logout()).toEqual({ revoked: true });
    expect(await cachedFiles()).toEqual([]);
  });

  it('are asked for anew where the person signs in within the call', async () => {
    const { config, session, asked } = await process('person');
    await config.set(text, 'hello');
    expect(asked()).toBe(1);
    const { session: person } = await sso.person(join(folder, 'sessions'));
    await sso
      .root()
      .tokens.revoke({ accessor: (await (await session.openbao()).tokens.lookupSelf()).accessor });
    await person.logout();
    // Token and session are dead: both are found out within this one read.
    expect((await config.get(text, { fresh: true })).expose()).toBe('hello');
    expect(asked()).toBe(2);
  });
});

describe('a token from the environment', () => {
  it('that is not valid is told as that', async () => {
    const token = new Secret('s.wrong');
    const session = createOpenbaoSession({ url: sso.openbao().url, as: { kind: 'token', token } });
    const config = createConfigManager({
      sources: [openbaoSource({ session, app: 'harmony', environment: 'dev' })],
    });
    closers.push(
      () => config.close(),
      () => session.close(),
    );
    await expect(config.get(text)).rejects.toMatchObject({
      code: 'openbao_denied',
      fix: expect.stringContaining('it is not valid any more'),
    });
  });

  it('has a cache of its own', async () => {
    const one = createOpenbao({ url: sso.openbao().url, token: sso.openbao().bootstrap.rootToken });
    closers.push(() => one.close());
    const identities = await Promise.all(
      ['a', 'b', 'a'].map((token) =>
        createOpenbaoSession({ url: one.url, as: { kind: 'token', token: new Secret(token) } }).identity(),
      ),
    );
    expect(identities[0]).toBe(identities[2]);
    expect(identities[0]).not.toBe(identities[1]);
  });
});
