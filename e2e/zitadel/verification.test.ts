import {
  createTokenSource,
  createVerifier,
  parseApplicationKey,
  parseServiceAccount,
  signAssertion,
  type TokenSource,
  type TokenVerifier,
} from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Started, start } from './support/start.ts';

let started: Started;
let verifier: TokenVerifier;
let projectId: string;
const sources: TokenSource[] = [];

beforeAll(async () => {
  started = await start();
  const { projects, applications } = started.zitadel;
  const project = await projects.create({ organizationId: started.organizationId, name: 'app' });
  projectId = project.id;
  const application = await applications.create({
    projectId,
    name: 'api',
    apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
  });
  const key = await applications.createKey(projectId, application.id, new Date(Date.now() + 3_600_000));
  verifier = createVerifier({
    issuer: started.emulator.issuer,
    audience: projectId,
    client: parseApplicationKey(key.expose()),
    http: started.zitadel,
    ttlMs: 0,
  });
});
afterAll(async () => {
  for (const source of sources) source.close();
  await started.stop();
});

/** A machine's own token, meant for the project. */
async function machineToken(
  accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' | 'ACCESS_TOKEN_TYPE_BEARER',
  audience = projectId,
) {
  const { users } = started.zitadel;
  const { id } = await users.create({
    organizationId: started.organizationId,
    machine: { name: 'robot', accessTokenType },
  });
  const { keyFile } = await users.addKey(id, { expiresAt: new Date(Date.now() + 3_600_000) });
  const source = createTokenSource({
    issuer: started.emulator.issuer,
    credentials: parseServiceAccount(keyFile?.expose() ?? ''),
    fetch: started.zitadel.fetch,
    scope: `openid urn:zitadel:iam:org:project:id:${audience}:aud`,
  });
  sources.push(source);
  return { id, token: await source.get() };
}

describe('verification', () => {
  it.each(['ACCESS_TOKEN_TYPE_JWT', 'ACCESS_TOKEN_TYPE_BEARER'] as const)(
    'accepts a %s token of the project',
    async (type) => {
      const { id, token } = await machineToken(type);
      expect(await verifier.verify(token)).toMatchObject({ active: true, subject: id });
    },
  );

  it('S4 S42 refuses one for another project', async () => {
    const jwt = await machineToken('ACCESS_TOKEN_TYPE_JWT', '999');
    expect(await verifier.verify(jwt.token)).toEqual({ active: false, reason: 'audience' });
    const opaque = await machineToken('ACCESS_TOKEN_TYPE_BEARER', '999');
    expect(await verifier.verify(opaque.token)).toEqual({ active: false, reason: 'inactive' });
  });

  it('denies a user that was deactivated', async () => {
    const { id, token } = await machineToken('ACCESS_TOKEN_TYPE_JWT');
    expect((await verifier.verify(token)).active).toBe(true);
    await started.zitadel.users.deactivate(id);
    expect(await verifier.verify(token)).toEqual({ active: false, reason: 'inactive' });
  });

  it('S6 refuses the id_token that came along', async () => {
    const { issuer, bootstrap } = started.emulator;
    const account = parseServiceAccount(JSON.stringify(bootstrap.serviceAccountKey));
    const assertion = await signAssertion(account, account.userId, { issuer });
    const response = await started.zitadel.fetch(`${issuer}/oauth/v2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: assertion.expose(),
        scope: `openid urn:zitadel:iam:org:project:id:${projectId}:aud`,
      }).toString(),
    });
    const { id_token: idToken } = (await response.json()) as { readonly id_token: string };
    expect(await verifier.verify(idToken)).toEqual({ active: false, reason: 'not_an_access_token' });
  });

  it('S18 throws in an outage', async () => {
    const { token } = await machineToken('ACCESS_TOKEN_TYPE_JWT');
    started.emulator.controls.fail({ match: '/oauth/v2/introspect', status: 503 });
    try {
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unreachable' });
    } finally {
      started.emulator.controls.clearFaults();
    }
  });
});
