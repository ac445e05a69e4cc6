import { newId, Secret } from '@drawbridge/kit';
import { parseApplicationKey } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Started, start } from './support/start.ts';

let started: Started;
beforeAll(async () => {
  started = await start();
  const { organizationId } = started;
  await started.zitadel.projects.create({ organizationId, projectId: 'cli', name: 'CLI' });
});
afterAll(() => started.stop());

const unchanged = { changed: false };
const done = { changed: true };

describe('the rest of the client, against the emulator', () => {
  it('an application lives its life', async () => {
    const { applications } = started.zitadel;
    const { id, clientId } = await applications.create({
      projectId: 'cli',
      name: 'tool',
      oidcConfiguration: {
        responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
        grantTypes: ['OIDC_GRANT_TYPE_DEVICE_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
        applicationType: 'OIDC_APP_TYPE_NATIVE',
        authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
      },
    });
    const rename = { projectId: 'cli', applicationId: id, oidcConfiguration: { developmentMode: true } };
    expect(await applications.update(rename)).toEqual(done);
    expect(await applications.update(rename)).toEqual(unchanged);
    expect(await applications.get(id)).toMatchObject({
      name: 'tool',
      oidcConfiguration: { clientId, developmentMode: true },
    });
    expect(await applications.deactivate('cli', id)).toEqual(done);
    expect(await applications.deactivate('cli', id)).toEqual(unchanged);
    expect(await applications.reactivate('cli', id)).toEqual(done);
    expect(await applications.reactivate('cli', id)).toEqual(unchanged);
    expect(await applications.remove('cli', id)).toEqual(done);
    expect(await applications.remove('cli', id)).toEqual(unchanged);
  });

  it('personal access tokens and secrets are listed and removed', async () => {
    const { users } = started.zitadel;
    const robot = await users.create({
      organizationId: started.organizationId,
      userId: newId(),
      machine: { name: 'robot' },
    });
    const { tokenId } = await users.addPersonalAccessToken(robot.id, new Date(Date.now() + 3_600_000));
    const listed = await users.listPersonalAccessTokens({ userId: robot.id }).all();
    expect(listed.map(({ id }) => id)).toEqual([tokenId]);
    expect(await users.removePersonalAccessToken(robot.id, tokenId)).toEqual(done);
    expect(await users.removePersonalAccessToken(robot.id, tokenId)).toEqual(unchanged);
    await users.addSecret(robot.id);
    expect(await users.removeSecret(robot.id)).toEqual(done);
    expect(await users.removeSecret(robot.id)).toEqual(unchanged);
  });

  it('a mail address is verified by its code, an invitation by its own', async () => {
    const { users } = started.zitadel;
    const id = newId();
    await users.create({
      organizationId: started.organizationId,
      userId: id,
      username: id,
      human: {
        profile: { givenName: 'Ada', familyName: 'L' },
        email: { email: 'ada@acme.example', isVerified: false },
      },
    });
    const code = await users.sendEmailCode(id, { deliver: 'return' });
    await expect(users.verifyEmail(id, new Secret('WRONG1'))).rejects.toMatchObject({
      code: 'zitadel_invalid_argument',
    });
    await users.verifyEmail(id, code ?? new Secret(''));
    expect((await users.get(id)).human?.email?.isVerified).toBe(true);
    const invitation = await users.createInviteCode(id, { deliver: 'return' });
    await users.verifyInviteCode(id, invitation ?? new Secret(''));
    expect(await users.listIdpLinks(id).all()).toEqual([]);
  });

  it('administrators get other roles', async () => {
    const { administrators, users } = started.zitadel;
    const { id } = await users.create({
      organizationId: started.organizationId,
      userId: newId(),
      machine: { name: 'admin' },
    });
    const resource = { organizationId: started.organizationId };
    await administrators.create({ userId: id, resource, roles: ['ORG_OWNER'] });
    await administrators.update({ userId: id, resource, roles: ['ORG_OWNER_VIEWER'] });
    await administrators.update({ userId: id, resource, roles: ['ORG_OWNER_VIEWER'] });
    const [found] = await administrators.list({ userId: id }).all();
    expect(found?.roles).toEqual(['ORG_OWNER_VIEWER']);
  });

  it('targets are made, read, re-keyed and removed, and executions name them', async () => {
    const { actions } = started.zitadel;
    const endpoint = 'https://192.0.2.1/events';
    const { id, signingKey } = await actions.createTarget({
      name: 'bridge',
      endpoint,
      kind: 'webhook',
      timeoutMs: 5_000,
      interruptOnError: true,
    });
    expect(await actions.getTarget(id)).toMatchObject({
      endpoint,
      kind: 'webhook',
      timeoutMs: 5_000,
      interruptOnError: true,
    });
    expect((await actions.getTarget(id)).signingKey?.expose()).toBe(signingKey.expose());
    const next = await actions.rotateSigningKey(id);
    expect(next.expose()).not.toBe(signingKey.expose());
    await actions.updateTarget(id, { timeoutMs: 2_000 });
    const condition = { event: { event: 'user.removed' } };
    await actions.setExecution(condition, [id]);
    await actions.setExecution(condition, [id]);
    expect(await actions.listExecutions().all()).toMatchObject([{ condition, targets: [id] }]);
    await actions.setExecution(condition, []);
    expect(await actions.removeTarget(id)).toEqual(done);
    expect(await actions.removeTarget(id)).toEqual(unchanged);
  });

  it('token lifetimes are set, changed and read, and tokens follow', async () => {
    const { oidcSettings } = started.zitadel;
    const hour = 3_600_000;
    const lifetimes = {
      accessTokenMs: hour,
      idTokenMs: hour,
      refreshIdleMs: 24 * hour,
      refreshMs: 48 * hour,
    };
    await oidcSettings.set(lifetimes);
    expect(await oidcSettings.get()).toEqual(lifetimes);
    expect(await oidcSettings.set(lifetimes)).toEqual(unchanged);
    expect(await oidcSettings.set({ ...lifetimes, accessTokenMs: 2 * hour })).toEqual(done);
    expect(await oidcSettings.get()).toMatchObject({ accessTokenMs: 2 * hour });
  });

  it('the keys of an application are listed and removed', async () => {
    const { applications } = started.zitadel;
    const { id } = await applications.create({
      projectId: 'cli',
      name: 'api',
      apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
    });
    const text = await applications.createKey('cli', id, new Date(Date.now() + 3_600_000));
    const { keyId } = parseApplicationKey(text.expose());
    expect((await applications.listKeys(id).all()).map((key) => key.keyId)).toEqual([keyId]);
    expect(await applications.removeKey('cli', id, keyId)).toEqual(done);
    expect(await applications.removeKey('cli', id, keyId)).toEqual(unchanged);
    expect(await applications.listKeys(id).all()).toEqual([]);
  });

  it('what is not there is said: an identity provider, a link to it, a waiting device', async () => {
    const { identityProviders, users, devices } = started.zitadel;
    await expect(identityProviders.get('999')).rejects.toMatchObject({ code: 'zitadel_not_found' });
    const { userId } = started.emulator.bootstrap.serviceAccountKey;
    const link = { idpId: '999', userId: 'x', userName: 'x' };
    await expect(users.addIdpLink(userId, link)).rejects.toMatchObject({ name: 'ZitadelError' });
    await expect(users.removeIdpLink(userId, link)).rejects.toMatchObject({ code: 'zitadel_not_found' });
    await expect(devices.find('BCDF-GHJK')).rejects.toMatchObject({ name: 'ZitadelError' });
  });

  it('events are walked in pages, each once', async () => {
    const { events, organizations } = started.zitadel;
    for (let nth = 0; nth < 70; nth++) await organizations.create({ name: `org ${nth}` });
    const all: string[] = [];
    for await (const event of events.list({}, { pageSize: 60 })) {
      all.push(`${event.aggregateType} ${event.aggregateId} ${event.sequence}`);
    }
    expect(new Set(all).size).toBe(all.length);
    const whole: string[] = [];
    for await (const event of events.list()) {
      whole.push(`${event.aggregateType} ${event.aggregateId} ${event.sequence}`);
    }
    expect(all).toEqual(whole);
    const users: string[] = [];
    for await (const event of events.list({ aggregateTypes: ['user'] })) users.push(event.aggregateType);
    expect(new Set(users)).toEqual(new Set(['user']));
  });
});
