import { createOpenbaoEmulator } from '@drawbridge/emulators';
import { Secret } from '@drawbridge/kit';
import { applyOpenbao, createOpenbao, harmonySetup, type Openbao, planOpenbao } from '@drawbridge/openbao';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIssuer, type TestIssuer } from './issuer.ts';

const emulator = createOpenbaoEmulator();
let issuer: TestIssuer;
let openbao: Openbao;
beforeAll(async () => {
  issuer = await startIssuer();
  await emulator.start();
  openbao = createOpenbao({ url: emulator.url, token: emulator.bootstrap.rootToken });
});
afterAll(async () => {
  await openbao.close();
  await emulator.stop();
  await issuer.stop();
});

const wanted = (ttlSeconds = 3_600) =>
  harmonySetup({
    issuer: issuer.url,
    audiences: ['app'],
    ttlSeconds,
    teams: [{ name: 'red', zitadelRole: 'editor', organizationId: '42' }],
    ci: [
      { forge: 'github', repository: 'acme/web', ref: 'refs/heads/main', issuer: issuer.url, audience: 'ci' },
    ],
  });
const signIn = async (role: string, claims: object, mount = 'jwt') => {
  const now = Math.floor(Date.now() / 1_000);
  const usual = { iss: issuer.url, sub: 'ada', aud: ['app'], iat: now - 60, exp: now + 300 };
  const jwt = new Secret(await issuer.sign({ ...usual, ...claims }));
  const login = await openbao.jwt(mount).login({ role, jwt });
  return openbao.as({ token: login.token });
};

describe('the setup of OpenBao', () => {
  it('shows what it would write, writes it, and finds nothing to do afterwards', async () => {
    const plan = await planOpenbao(openbao, wanted());
    expect(plan.map(({ action, title }) => `${action} ${title}`)).toEqual([
      'create policy harmony-dev',
      'create policy team-red',
      'create policy github-acme-web-refs-heads-main',
      'create auth method userpass',
      'create auth method jwt',
      'create configuration of auth/jwt',
      'create role harmony-developer of auth/jwt',
      'create role team-red of auth/jwt',
      'create auth method github',
      'create configuration of auth/github',
      'create role acme-web-refs-heads-main of auth/github',
    ]);
    // It is data.
    await applyOpenbao(openbao, JSON.parse(JSON.stringify(plan)) as typeof plan);
    expect(await planOpenbao(openbao, wanted())).toEqual([]);
  });

  it('shows a drift field by field', async () => {
    await openbao.policies.write('harmony-dev', 'path "secret/*" { capabilities = ["read"] }');
    const changes = await planOpenbao(openbao, wanted(1_800));
    expect(changes.map(({ action, title }) => `${action} ${title}`)).toEqual([
      'update policy harmony-dev',
      'update role harmony-developer of auth/jwt',
      'update role team-red of auth/jwt',
    ]);
    expect(changes[1]?.fields).toEqual([{ field: 'token_ttl', from: 3_600, to: 1_800 }]);
    await applyOpenbao(openbao, changes);
    expect(await planOpenbao(openbao, wanted(1_800))).toEqual([]);
  });

  it('S60 sets every leeway, binds issuer and audience, and takes a subject to bind to', async () => {
    const config = await openbao.jwt().readConfig();
    expect(config?.bound_issuer).toBe(issuer.url);
    for (const name of await openbao.jwt().listRoles()) {
      const role = await openbao.jwt().readRole(name);
      expect(role).toMatchObject({ clock_skew_leeway: 30, expiration_leeway: -1, not_before_leeway: -1 });
      expect(role?.bound_audiences).toEqual(['app']);
    }
    const leeways = { clockSkewSeconds: 10, expirationLeewaySeconds: -1, notBeforeLeewaySeconds: -1 };
    await openbao.jwt().writeRole('bound', { boundAudiences: ['app'], boundSubject: 'bob', ...leeways });
    await expect(signIn('bound', {})).rejects.toMatchObject({ code: 'openbao_login_refused' });
    await signIn('bound', { sub: 'bob' });
    const late = Math.floor(Date.now() / 1_000) - 40;
    await expect(signIn('harmony-developer', { exp: late })).rejects.toMatchObject({
      code: 'openbao_login_refused',
    });
    expect(() => harmonySetup({ issuer: issuer.url, audiences: [] })).toThrow(/audience/);
  });

  it('lets developers, teams and jobs at their folders and nowhere else', async () => {
    const ada = await signIn('harmony-developer', {});
    await ada.kv().put('harmony/a', { x: 1 }, { cas: 0 });
    expect(await ada.kv().list('harmony')).toEqual(['a']);
    const denied = { code: 'openbao_denied' };
    await expect(ada.kv().put('teams/red/a', {})).rejects.toMatchObject(denied);
    await expect(ada.kv().metadata('harmony/a')).rejects.toMatchObject(denied);
    await expect(ada.kv().destroy('harmony/a', [1])).rejects.toMatchObject(denied);

    const roles = { 'urn:zitadel:iam:org:project:roles': { editor: { '42': 'red.acme.example' } } };
    const red = await signIn('team-red', roles);
    await red.kv().put('teams/red/a', { x: 2 });
    await expect(red.kv().get('harmony/a')).rejects.toMatchObject(denied);
    const other = { 'urn:zitadel:iam:org:project:roles': { editor: { '43': 'x' } } };
    await expect(signIn('team-red', other)).rejects.toMatchObject({ code: 'openbao_login_refused' });

    const claims = { aud: 'ci', repository: 'acme/web', ref: 'refs/heads/main' };
    const job = await signIn('acme-web-refs-heads-main', claims, 'github');
    expect((await job.kv().get('harmony/a')).data.expose()).toEqual({ x: 1 });
    await expect(job.kv().put('harmony/a', {})).rejects.toMatchObject(denied);
    const fork = { ...claims, repository: 'evil/web' };
    await expect(signIn('acme-web-refs-heads-main', fork, 'github')).rejects.toMatchObject({
      code: 'openbao_login_refused',
    });
  });

  it('refuses names that could end a text in a policy', () => {
    const base = { issuer: issuer.url, audiences: ['app'] };
    const name = 'x" { capabilities = ["sudo"] } path "';
    const team = { name, zitadelRole: 'r', organizationId: '1' };
    expect(() => harmonySetup({ ...base, teams: [team] })).toThrow(/no name/);
    expect(() => harmonySetup({ ...base, ci: [{ forge: 'gitlab', repository: 'a/*' }] })).toThrow(/exact/);
    expect(() =>
      harmonySetup({ ...base, ci: [{ forge: 'gitlab', repository: 'a/b', folder: name }] }),
    ).toThrow(/folder/);
  });
});
