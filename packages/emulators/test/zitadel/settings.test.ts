import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { application, emulatorForTests, post, project, serviceAccountToken, user } from './support.ts';

const harness = emulatorForTests();
const { emulator, call, fetch } = harness;

const webKey = (name: string) => `zitadel.webkey.v2.WebKeyService/${name}`;
const rest = (method: string, path: string, body?: unknown) =>
  fetch(emulator.issuer + path, {
    method,
    headers: { authorization: `Bearer ${harness.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function idToken(): Promise<string> {
  const { userId } = await call(user('CreateUser'), {
    organizationId: emulator.bootstrap.organizationId,
    machine: { name: 'K' },
  }).then(({ body }) => ({ userId: String(body.id) }));
  const { body } = await call(user('AddSecret'), { userId });
  const answer = await fetch(`${emulator.issuer}/oauth/v2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: userId,
      client_secret: String(body.clientSecret),
      scope: 'openid',
    }).toString(),
  });
  return ((await answer.json()) as { id_token: string }).id_token;
}

describe('web keys', () => {
  it('rotate: a new key is published, signs once it is active, and the old one can go', async () => {
    const jwks = async () => {
      const answer = await fetch(`${emulator.issuer}/oauth/v2/keys`);
      return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    };
    const old = decodeProtectedHeader(await idToken()).kid ?? '';
    const { id } = (await call(webKey('CreateWebKey'), { ecdsa: { curve: 'ECDSA_CURVE_P384' } })).body;
    expect(await jwks()).toContain(id);
    expect(decodeProtectedHeader(await idToken()).kid).toBe(old);
    const early = await call(webKey('DeleteWebKey'), { id: old });
    expect(early.body.message).toContain('COMMAND-Chai1');
    expect((await call(webKey('ActivateWebKey'), { id })).status).toBe(200);
    const signed = await idToken();
    expect(decodeProtectedHeader(signed)).toMatchObject({ kid: id, alg: 'ES384' });
    const keys = createRemoteJWKSet(new URL(`${emulator.issuer}/oauth/v2/keys`));
    // Machines' id_tokens are over at once, hence the tolerance.
    await jwtVerify(signed, keys, { issuer: emulator.issuer, clockTolerance: 60 });
    await call(webKey('DeleteWebKey'), { id: old });
    expect(await jwks()).not.toContain(old);
    const { body } = await call(webKey('ListWebKeys'));
    expect(body.webKeys).toContainEqual(
      expect.objectContaining({ id, state: 'STATE_ACTIVE', ecdsa: { curve: 'ECDSA_CURVE_P384' } }),
    );
  });

  it.each([
    [{ rsa: { hasher: 'RSA_HASHER_SHA512' } }, 'RS512'],
    [{ ecdsa: {} }, 'ES256'],
    [{ ecdsa: { curve: 'ECDSA_CURVE_P512' } }, 'ES512'],
    [{ ed25519: {} }, 'EdDSA'],
  ])('sign in every way there is: %o', async (kind, alg) => {
    const { id } = (await call(webKey('CreateWebKey'), kind)).body;
    await call(webKey('ActivateWebKey'), { id });
    const keys = createRemoteJWKSet(new URL(`${emulator.issuer}/oauth/v2/keys`));
    const { protectedHeader } = await jwtVerify(await idToken(), keys, { clockTolerance: 60 });
    expect(protectedHeader.alg).toBe(alg);
    // The administrator's opaque token does not hang on the key; a new one is given out as before.
    expect((await call(user('ListUsers'), {}, await serviceAccountToken(emulator))).status).toBe(200);
  });
});

describe('OIDC settings', () => {
  const path = '/admin/v1/settings/oidc';
  const lifetimes = {
    accessTokenLifetime: '90s',
    idTokenLifetime: '120s',
    refreshTokenIdleExpiration: '600s',
    refreshTokenExpiration: '1200s',
  };

  it('are absent until set, then rule the lifetimes of new tokens', async () => {
    expect((await rest('GET', path)).status).toBe(404);
    expect((await rest('PUT', path, lifetimes)).status).toBe(404);
    expect((await rest('POST', path, lifetimes)).status).toBe(200);
    expect((await rest('POST', path, lifetimes)).status).toBe(409);
    expect((await rest('PUT', path, lifetimes)).status).toBe(400);
    expect(await (await rest('GET', path)).json()).toEqual({ settings: lifetimes });
    const token = await serviceAccountToken(emulator);
    emulator.controls.clockOffsetMs = 91_000;
    expect((await call(user('ListUsers'), {}, token)).status).toBe(401);
    emulator.controls.clockOffsetMs = 0;
    expect((await call(user('ListUsers'), {}, token)).status).toBe(200);
    const longer = { ...lifetimes, accessTokenLifetime: '43200s' };
    expect((await rest('PUT', path, longer)).status).toBe(200);
    expect((await rest('PUT', path, { ...longer, idTokenLifetime: '0s' })).status).toBe(400);
    expect(decodeJwt(await idToken()).iss).toBe(emulator.issuer);
  });
});

describe('identity providers', () => {
  it('are added over v1, read over v2, and linked to users', async () => {
    const provider = { name: 'Corp', issuer: 'https://idp.example', clientId: 'c', clientSecret: 's' };
    const added = await rest('POST', '/admin/v1/idps/generic_oidc', provider);
    const { id: idpId } = (await added.json()) as { id: string };
    const read = (await (await rest('GET', `/v2/idps/${idpId}`)).json()) as Record<string, unknown>;
    expect(read.idp).toMatchObject({
      name: 'Corp',
      type: 'IDP_TYPE_OIDC',
      config: { oidc: { clientId: 'c' } },
    });
    expect(JSON.stringify(read)).not.toContain('clientSecret');
    const human = {
      profile: { givenName: 'L', familyName: 'K' },
      email: { email: 'linked@example.com', isVerified: true },
    };
    const { organizationId } = emulator.bootstrap;
    const link = { idpId, userId: 'ext-1', userName: 'linked@corp' };
    const create = (extra: object) =>
      call(user('CreateUser'), { organizationId, human: { ...human, ...extra } });
    const unknown = await create({ idpLinks: [{ ...link, idpId: 'none' }] });
    expect(unknown.body.message).toContain('COMMAND-39nf2');
    const { id: userId } = (await create({ idpLinks: [link] })).body;
    const links = async () => (await call(user('ListIDPLinks'), { userId })).body.result;
    expect(await links()).toEqual([link]);
    const again = await call(user('AddIDPLink'), { userId, idpLink: link });
    expect(again.body.code).toBe('already_exists');
    const removal = { userId, idpId, linkedUserId: 'ext-1' };
    expect((await call(user('RemoveIDPLink'), removal)).status).toBe(200);
    expect((await call(user('RemoveIDPLink'), removal)).body.code).toBe('not_found');
    expect(await links()).toBeUndefined();
    expect((await rest('GET', '/v2/idps/none')).status).toBe(404);
  });
});

describe('what else the client calls', () => {
  it('verifies phones by their code', async () => {
    const { organizationId } = emulator.bootstrap;
    const { body } = await call(user('CreateUser'), {
      organizationId,
      username: 'phoned',
      human: {
        profile: { givenName: 'P', familyName: 'H' },
        email: { email: 'phoned@example.com', isVerified: true },
        phone: { phone: '+4512345678', returnCode: {} },
      },
    });
    const userId = body.id;
    const resent = await call(user('ResendPhoneCode'), { userId, returnCode: {} });
    const verify = (verificationCode: unknown) => call(user('VerifyPhone'), { userId, verificationCode });
    expect((await verify(body.phoneCode)).status).toBe(400);
    expect((await verify(resent.body.verificationCode)).status).toBe(200);
    expect((await call(user('ResendPhoneCode'), { userId })).body.code).toBe('failed_precondition');
  });

  it('lists the keys of applications', async () => {
    const { organizationId } = emulator.bootstrap;
    const { projectId } = (await call(project('CreateProject'), { organizationId, name: 'keys' })).body;
    const made = await call(application('CreateApplication'), {
      projectId,
      name: 'api',
      apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
    });
    const { applicationId } = made.body;
    const expirationDate = new Date(Date.now() + 3_600_000).toISOString();
    const key = await call(application('CreateApplicationKey'), { projectId, applicationId, expirationDate });
    const { keyId } = key.body;
    const list = (filter: object) => call(application('ListApplicationKeys'), { filters: [filter] });
    const { body } = await list({ applicationIdFilter: { applicationId } });
    expect(body.keys).toMatchObject([{ keyId, applicationId, projectId, organizationId }]);
    expect((await list({ projectIdFilter: { projectId: 'none' } })).body.keys).toBeUndefined();
  });

  it('reads the settings of a new instance', async () => {
    const settings = (name: string) => call(`zitadel.settings.v2.SettingsService/${name}`);
    expect((await settings('GetPasswordComplexitySettings')).body.settings).toMatchObject({ minLength: '8' });
    const general = await post(
      fetch,
      `${emulator.issuer}/zitadel.settings.v2.SettingsService/GetGeneralSettings`,
      {},
      harness.token,
    );
    expect(general.body.defaultOrgId).toBe(emulator.bootstrap.organizationId);
  });
});
