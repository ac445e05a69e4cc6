import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  createOpenbaoSession,
  type OpenbaoSession,
  type OpenbaoSessionOptions,
} from '@drawbridge/config/openbao';
import { createLogger } from '@drawbridge/kit';
import { DrawbridgeError, ManualClock, Secret } from '@drawbridge/kit/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startIssuer } from '../support/issuer.ts';
import { type Sso, startSso } from '../support/sso.ts';

let sso: Sso;
let folder: string;
const opened: OpenbaoSession[] = [];
const hour = 3_600_000;

beforeAll(async () => {
  sso = await startSso();
  await sso.setUp();
  await sso.addUser('ada');
  await sso.addUser('ben');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-config-'));
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  sso.zitadel.controls.reset();
  sso.openbao().controls.reset();
  sso.openbao().unseal();
  [sso.clock.offsetMs, sso.openbaoClock.offsetMs] = [0, 0];
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => sso.stop());

const open = (options: Pick<OpenbaoSessionOptions, 'as'> & Partial<OpenbaoSessionOptions>) => {
  const session = createOpenbaoSession({ url: sso.openbao().url, clock: sso.clock, folder, ...options });
  opened.push(session);
  return session;
};
/** A new process of whoever sits at this machine. */
const process = async (loginName?: string, options: Partial<OpenbaoSessionOptions> = {}) => {
  const { session, asked } = await sso.person(join(folder, 'sessions'));
  const request = loginName === undefined ? {} : { request: sso.asking(loginName) };
  return { openbao: open({ as: { kind: 'person', session, ...request }, ...options }), session, asked };
};
const failure = async (work: Promise<unknown>): Promise<DrawbridgeError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof DrawbridgeError) return error;
    throw error;
  }
  throw new Error('it was expected to fail');
};
const logins = () => sso.openbao().events.filter(({ type }) => type === 'token.create').length;
const self = async (session: OpenbaoSession) => (await session.openbao()).tokens.lookupSelf();
const keptFiles = async () => (await readdir(folder)).filter((name) => name.endsWith('.json'));

describe('a person', () => {
  it('without a session and without a terminal is not signed in; nobody is asked', async () => {
    const { openbao, asked } = await process();
    const error = await failure(openbao.openbao());
    expect([error.code, error.info.exit]).toEqual(['not_signed_in', 3]);
    const may = await process('ada');
    expect((await failure(may.openbao.openbao({ mayAsk: false }))).code).toBe('not_signed_in');
    expect([asked(), may.asked(), await keptFiles()]).toEqual([0, 0, []]);
  });

  it('is asked once, and further processes use the kept token', async () => {
    const first = await process('ada');
    const before = logins();
    expect(await self(first.openbao)).toMatchObject({
      policies: ['default', 'harmony-dev'],
      displayName: 'jwt-ada',
    });
    const second = await process('ada');
    expect((await self(second.openbao)).accessor).toBe((await self(first.openbao)).accessor);
    expect([first.asked(), second.asked(), logins() - before]).toEqual([1, 0, 1]);
    expect(await second.openbao.peek()).toEqual({
      role: 'harmony-developer',
      subject: 'ada',
      expiresAt: expect.closeTo(sso.clock.now() + hour, -4),
    });
  });

  it('S34 has the token in a file of mode 0600 that is named by nobody', async () => {
    const { openbao } = await process('ada');
    await openbao.openbao();
    const [name = '', ...others] = await keptFiles();
    expect(others).toEqual([]);
    expect(name).toMatch(/^[0-9a-f]{32}\.json$/);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });

  it('whose token has run out gets a new one by a silent refresh, also where the id_token has run out', async () => {
    const first = await process('ada');
    await self(first.openbao);
    await first.openbao.close();
    for (const ms of [2 * hour, 14 * hour]) {
      sso.pass(ms);
      const before = logins();
      const next = await process('ada');
      expect(await self(next.openbao)).toMatchObject({ displayName: 'jwt-ada' });
      expect([next.asked(), logins() - before]).toEqual([0, 1]);
      await next.openbao.close();
    }
  });

  it('whose session has ended as well is asked again, and only where somebody can be', async () => {
    const first = await process('ada');
    await self(first.openbao);
    await first.openbao.close();
    sso.pass(100 * 24 * hour);
    expect((await failure((await process()).openbao.openbao())).code).toBe('not_signed_in');
    const next = await process('ada');
    expect(await self(next.openbao)).toMatchObject({ displayName: 'jwt-ada' });
    expect(next.asked()).toBe(1);
  });

  it('whose token was revoked gets another one with the next call, once', async () => {
    const { openbao, asked } = await process('ada');
    const client = await openbao.openbao();
    const { accessor } = await client.tokens.lookupSelf();
    await sso.root().tokens.revoke({ accessor });
    const before = logins();
    await Promise.all(Array.from({ length: 5 }, () => client.kv().put('harmony/dev/a', { x: 1 })));
    expect((await client.tokens.lookupSelf()).accessor).not.toBe(accessor);
    expect([asked(), logins() - before]).toEqual([1, 1]);
    const other = await process('ada');
    expect((await self(other.openbao)).accessor).toBe((await client.tokens.lookupSelf()).accessor);
  });

  it('whose token was revoked is told so where there is no other one, and no process tries the dead one again', async () => {
    const { openbao, session } = await process('ada');
    const client = await openbao.openbao();
    await sso.root().tokens.revoke({ accessor: (await client.tokens.lookupSelf()).accessor });
    await session.logout();
    expect((await failure(client.kv().get('harmony/dev/a'))).code).toBe('not_signed_in');
    expect(await keptFiles()).toEqual([]);
  });

  it('S26 nobody goes on with the token of the one before', async () => {
    const ada = await process('ada');
    const { accessor } = await self(ada.openbao);
    const { session } = ada;
    await session.logout();
    const ben = await process();
    const { session: bens } = await sso.person(join(folder, 'sessions'));
    await bens.get({ ...sso.asking('ben'), switchUser: true });
    expect(await self(ben.openbao)).toMatchObject({ displayName: 'jwt-ben' });
    expect((await failure(sso.root().tokens.lookup({ accessor }))).code).toBe('openbao_invalid_argument');
  });

  it('S33 signs out: the token is revoked and deleted, and it is said where it could not be revoked', async () => {
    const first = await process('ada');
    const client = await first.openbao.openbao();
    const { accessor } = await client.tokens.lookupSelf();
    expect(await first.openbao.logout()).toEqual({ revoked: true });
    expect(await keptFiles()).toEqual([]);
    expect((await failure(sso.root().tokens.lookup({ accessor }))).code).toBe('openbao_invalid_argument');
    expect(await first.openbao.logout()).toEqual({ revoked: false });
    const second = await process('ada');
    await second.openbao.openbao();
    sso.openbao().seal();
    expect(await second.openbao.logout()).toEqual({ revoked: false, code: 'openbao_sealed' });
    expect(await keptFiles()).toEqual([]);
  });

  it('a file that is none costs a sign-in and nothing else', async () => {
    const first = await process('ada');
    await first.openbao.openbao();
    const [name = ''] = await keptFiles();
    for (const text of [
      '',
      '{',
      '[]',
      '{"format":1,"token":"a b","accessor":"x","lifeMs":1}',
      '{"format":9}',
    ]) {
      await writeFile(join(folder, name), text);
      const next = await process('ada');
      expect(await self(next.openbao)).toMatchObject({ displayName: 'jwt-ada' });
    }
  });
});

describe('who asks', () => {
  it('is not refused for a sign-in under way in which nobody may be asked', async () => {
    const { openbao, asked } = await process('ada');
    const quiet = openbao.openbao({ mayAsk: false }).catch((error: { code: string }) => error.code);
    const loud = openbao.openbao();
    expect(await quiet).toBe('not_signed_in');
    expect(await (await loud).tokens.lookupSelf()).toMatchObject({ displayName: 'jwt-ada' });
    expect(asked()).toBe(1);
  });

  it('may give up, without ending what others wait for', async () => {
    const { openbao } = await process('ada');
    const stop = new AbortController();
    const waiting = openbao.openbao();
    const impatient = openbao.openbao({ signal: stop.signal });
    stop.abort();
    expect((await failure(impatient)).code).toBe('canceled');
    await waiting;
  });

  it('S32 leaves no token in the log, whatever happens', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const logger = createLogger({ level: 'debug', destination });
    const { openbao, session } = await process('ada', { logger });
    const client = await openbao.openbao();
    const { accessor } = await client.tokens.lookupSelf();
    await sso.root().tokens.revoke({ accessor });
    await client.kv().put('harmony/dev/a', { x: 1 });
    sso.openbao().seal();
    await openbao.logout();
    sso.openbao().unseal();
    await failure((await process('ada', { logger, role: 'nobody' })).openbao.openbao());
    const { accessToken, idToken } = await session.get({ idToken: true });
    expect(lines.length).toBeGreaterThan(5);
    const text = lines.join('');
    for (const secret of [accessToken, idToken]) expect(text).not.toContain(secret?.expose());
    expect(text).not.toMatch(/"?s\.[A-Za-z0-9]{20}|eyJ/);
  });
});

describe('trouble is told in a sentence, with what to do', () => {
  const told = async (options: Partial<OpenbaoSessionOptions> = {}) => {
    const { openbao } = await process('ada', options);
    const error = await failure(self(openbao));
    const { session } = await sso.person(join(folder, 'sessions'));
    // S32: neither the id_token nor any other token is in it.
    const tokens = await session.get({ idToken: true }).catch(() => undefined);
    const text = inspect(error, { depth: 9 }) + JSON.stringify(error);
    if (tokens?.idToken) expect(text).not.toContain(tokens.idToken.expose());
    expect(text).not.toMatch(/eyJ[\w-]+\.eyJ/);
    return error;
  };

  it('sealed, standby, unreachable', async () => {
    sso.openbao().seal();
    expect(await told()).toMatchObject({ code: 'openbao_sealed', message: 'OpenBao is sealed.' });
    sso.openbao().unseal();
    sso.openbao().controls.set({ standby: true });
    expect((await told()).code).toBe('openbao_standby');
    sso.openbao().controls.set({ standby: false, outage: true });
    expect(await told()).toMatchObject({
      code: 'unreachable',
      message: `OpenBao at ${sso.openbao().url} cannot be reached.`,
    });
  });

  it('a role that is not there, a method that is not there', async () => {
    expect(await told({ role: 'nobody' })).toMatchObject({
      code: 'openbao_login_refused',
      message: 'OpenBao has no role "nobody" at auth/jwt.',
      fix: expect.stringContaining('OPENBAO_JWT_ROLE'),
    });
    expect(await told({ authMount: 'nope' })).toMatchObject({
      code: 'openbao_login_refused',
      message: 'OpenBao has no sign-in method at auth/nope, or it does not take sign-ins from here.',
    });
  });

  it('a role that was changed: other audiences, other claims', async () => {
    const role = { clockSkewSeconds: 30, expirationLeewaySeconds: -1, notBeforeLeewaySeconds: -1 };
    await sso
      .root()
      .jwt()
      .writeRole('other', { ...role, boundAudiences: ['other'] });
    expect(await told({ role: 'other' })).toMatchObject({
      message: 'The role "other" of OpenBao does not take tokens that were made for this application.',
    });
    const boundClaims = { team: 'red' };
    await sso
      .root()
      .jwt()
      .writeRole('other', { ...role, boundAudiences: [sso.clientId], boundClaims });
    expect(await told({ role: 'other' })).toMatchObject({
      message: 'You do not have what the role "other" of OpenBao asks for.',
    });
    await sso.root().jwt().deleteRole('other');
  });

  it('clocks that differ by 90 s, by name', async () => {
    sso.openbaoClock.offsetMs = -90_000;
    expect(await told()).toMatchObject({
      code: 'openbao_login_refused',
      message: 'OpenBao holds the token for one of the future.',
      why: expect.stringMatching(/^This machine's clock is (89|90|91) s ahead of OpenBao's\.$/),
    });
  });

  it('keys that OpenBao cannot fetch', async () => {
    const message =
      'error validating token: error verifying token signature: fetching keys oidc: get keys failed';
    sso.openbao().controls.fail({ match: 'POST /v1/auth/jwt/login', status: 400, message });
    expect(await told()).toMatchObject({
      code: 'openbao_keys_unreachable',
      message: 'OpenBao cannot fetch the keys of the identity provider.',
      info: { exit: 5 },
    });
  });

  it('an OpenBao that was started anew and knows nothing: first what is missing, then it works again', async () => {
    const { openbao, asked } = await process('ada');
    const client = await openbao.openbao();
    await client.kv().put('harmony/dev/a', { x: 1 });
    await sso.restart();
    expect(await failure(client.kv().get('harmony/dev/a'))).toMatchObject({
      code: 'openbao_login_refused',
      message: expect.stringContaining('no sign-in method at auth/jwt'),
    });
    await sso.setUp();
    await client.kv().put('harmony/dev/a', { x: 2 });
    expect(asked()).toBe(1);
  });
});

describe('others', () => {
  it('a service account comes by its JWT access token, and its token is revoked at the end', async () => {
    const session = open({ as: { kind: 'machine', token: () => sso.machine() } });
    const { accessor } = await self(session);
    expect(await keptFiles()).toEqual([]);
    await session.close();
    expect((await failure(sso.root().tokens.lookup({ accessor }))).code).toBe('openbao_invalid_argument');
    await expect(session.openbao()).rejects.toMatchObject({ code: 'shutting_down' });
  });

  it('a service account with a name shares its token with other processes, and with nobody else', async () => {
    const as = { kind: 'machine', token: () => sso.machine(), subject: 'ci' } as const;
    const first = open({ as });
    const { accessor } = await self(first);
    await first.close();
    expect((await self(open({ as }))).accessor).toBe(accessor);
    expect((await self(open({ as: { ...as, subject: 'other' } }))).accessor).not.toBe(accessor);
  });

  it('a job of a forge comes by the token that the forge signed for it, for this repository and branch alone', async () => {
    const forge = await startIssuer();
    const ref = 'refs/heads/main';
    await sso.setUp({
      ci: [{ forge: 'github', repository: 'acme/shop', ref, issuer: forge.url, audience: 'bao' }],
    });
    const job = (claims: object) => {
      const now = Math.floor(Date.now() / 1_000);
      const usual = { iss: forge.url, sub: 'job', aud: 'bao', repository: 'acme/shop', ref };
      const jwt = () => forge.sign({ ...usual, iat: now, exp: now + 300, ...claims });
      return open({
        as: { kind: 'machine', token: async () => new Secret(await jwt()) },
        authMount: 'github',
        role: 'acme-shop-refs-heads-main',
      });
    };
    await sso.root().kv().put('harmony/prod/key', { value: 'sk' });
    const client = await job({}).openbao();
    expect((await client.kv().get('harmony/prod/key')).data.expose()).toEqual({ value: 'sk' });
    expect((await failure(client.kv().put('harmony/prod/key', {}))).code).toBe('openbao_denied');
    expect(await failure(job({ ref: 'refs/heads/evil' }).openbao())).toMatchObject({
      code: 'openbao_login_refused',
      message: 'You do not have what the role "acme-shop-refs-heads-main" of OpenBao asks for.',
    });
    await forge.stop();
  });

  it('a pod comes by the token in its file, which is read at each sign-in', async () => {
    const tokenPath = join(folder, 'token');
    const session = open({ as: { kind: 'kubernetes', tokenPath }, authMount: 'jwt' });
    expect((await failure(session.openbao())).code).toBe('file_unreadable');
    await writeFile(tokenPath, `${(await sso.machine()).expose()}\n`);
    expect(await self(session)).toMatchObject({ policies: ['default', 'harmony-dev'] });
  });

  it('a name with a password comes by userpass, and a wrong one is told', async () => {
    const user = { password: new Secret('hunter2'), policies: ['harmony-dev'] };
    await sso.root().userpass().writeUser('ada', user);
    let asked = 0;
    const password = async () => {
      asked++;
      return new Secret('hunter2');
    };
    const as = { kind: 'userpass', username: 'ada', password } as const;
    await self(open({ as }));
    expect(await self(open({ as }))).toMatchObject({ displayName: 'userpass-ada' });
    expect(asked).toBe(1);
    const wrong = open({ as: { ...as, username: 'eve', password: new Secret('nope-nope') } });
    const error = await failure(wrong.openbao());
    expect(error).toMatchObject({
      code: 'openbao_login_refused',
      message: 'OpenBao does not know eve with this password.',
    });
    expect(inspect(error, { depth: 9 })).not.toContain('nope-nope');
  });

  it('a token from elsewhere is used as it is, and neither kept nor revoked', async () => {
    const { token } = await sso.root().tokens.create({ policies: ['harmony-dev'], ttl: '1h' });
    const session = open({ as: { kind: 'token', token } });
    const { accessor } = await self(session);
    expect([await session.logout(), await session.peek()]).toEqual([{ revoked: false }, undefined]);
    await session.close();
    expect(await sso.root().tokens.lookup({ accessor })).toMatchObject({ accessor });
    expect(await keptFiles()).toEqual([]);
  });

  it('a renewal is known to other processes', async () => {
    const clock = new ManualClock(Date.now());
    const user = { password: new Secret('hunter2'), ttlSeconds: 3_600 };
    await sso.root().userpass().writeUser('renewed', user);
    const as = { kind: 'userpass', username: 'renewed', password: user.password } as const;
    const session = open({ as, clock });
    await session.openbao();
    const begun = clock.now();
    await vi.waitFor(() => expect(clock.sleeping).toBe(1), 10_000);
    clock.advance(2_400_000);
    const other = open({ as, clock });
    await vi.waitFor(
      async () => expect((await other.peek())?.expiresAt).toBe(begun + 2_400_000 + 3_600_000),
      10_000,
    );
  });
});
