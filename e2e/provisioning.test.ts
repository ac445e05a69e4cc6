import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addOrganization,
  type Directory,
  openDirectory,
  putSiteAdministrator,
  putZitadelIntegration,
} from '@drawbridge/directory';
import { createZitadelEmulator } from '@drawbridge/emulators';
import { writeFileAtomic } from '@drawbridge/kit';
import {
  createTokenSource,
  createVerifier,
  createZitadel,
  parseApplicationKey,
  parseServiceAccount,
  readOwner,
  type Zitadel,
} from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const { E2E_ZITADEL_ISSUER: realIssuer, E2E_ZITADEL_KEY: realKey } = process.env;

interface Target {
  readonly issuer: string;
  readonly key: string;
  stop(): Promise<void>;
}

const targets: readonly { readonly name: string; readonly open: (() => Promise<Target>) | undefined }[] = [
  {
    name: 'the emulator',
    open: async () => {
      const emulator = createZitadelEmulator();
      await emulator.start();
      return {
        issuer: emulator.issuer,
        key: JSON.stringify(emulator.bootstrap.serviceAccountKey),
        stop: () => emulator.stop(),
      };
    },
  },
  {
    name: 'a real Zitadel (E2E_ZITADEL_ISSUER, E2E_ZITADEL_KEY)',
    open:
      realIssuer && realKey
        ? async () => ({
            issuer: realIssuer,
            key: await readFile(realKey, 'utf8'),
            stop: async () => undefined,
          })
        : undefined,
  },
];

describe.each(targets)('provisioning on $name', ({ open }) => {
  describe.skipIf(open === undefined)('leaves nothing behind', () => {
    // Names of this run alone, since an instance may be shared.
    const run = randomBytes(4).toString('hex');
    const email = `ada-${run}@north.example`;
    let target: Target;
    let zitadel: Zitadel;
    let directory: Directory;
    let folder: string;
    let projectId: string;
    const organizationId = `org-${run}`;
    const callerId = `caller-${run}`;
    let bearer: string;

    beforeAll(async () => {
      if (!open) return;
      target = await open();
      folder = await mkdtemp(join(tmpdir(), 'drawbridge-provisioning-'));
      zitadel = createZitadel({ issuer: target.issuer, credentials: parseServiceAccount(target.key) });
      const self = await zitadel.users.get((await zitadel.token.userId()) ?? '');
      ({ id: projectId } = await zitadel.projects.create({
        organizationId: self.organizationId,
        name: `Drawbridge ${run}`,
      }));
      for (const roleKey of ['admin', 'manager', 'user'])
        await zitadel.projects.addRole(projectId, { roleKey, displayName: roleKey });
      await zitadel.organizations.create({ organizationId, name: `North ${run}` });
      const expiresAt = new Date(Date.now() + 3_600_000);
      const application = await zitadel.applications.create({
        projectId,
        name: 'API',
        apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
      });
      const applicationKey = await zitadel.applications.createKey(projectId, application.id, expiresAt);
      await zitadel.users.create({
        organizationId: self.organizationId,
        userId: callerId,
        username: callerId,
        machine: { name: 'Caller' },
      });
      await zitadel.administrators.create({
        userId: callerId,
        resource: { instance: true },
        roles: ['IAM_USER_MANAGER'],
      });
      const { keyFile } = await zitadel.users.addKey(callerId, { expiresAt });
      const paths = { account: join(folder, 'account.json'), application: join(folder, 'application.json') };
      await writeFileAtomic(paths.account, keyFile?.expose() ?? '', { mode: 0o600 });
      await writeFileAtomic(paths.application, applicationKey.expose(), { mode: 0o600 });

      directory = await openDirectory({ database: { memory: true }, port: 0 });
      const at = new Date();
      await directory.database.transaction(async (trx) => {
        const integrationId = await putZitadelIntegration(trx, {
          name: 'main',
          issuer: target.issuer,
          projectId,
          clientId: application.clientId,
          clientSecret: `file:${paths.application}`,
          serviceAccount: `file:${paths.account}`,
          actor: 'test',
          at,
        });
        await addOrganization(trx, {
          slug: 'north',
          name: 'North',
          integrationId,
          zitadelOrgId: organizationId,
          actor: 'test',
          at,
        });
        await putSiteAdministrator(trx, callerId, 'test', at);
      });
      await directory.start();
      const tokens = createTokenSource({
        issuer: target.issuer,
        credentials: parseServiceAccount(keyFile?.expose() ?? ''),
        fetch: zitadel.fetch,
        scope: [
          'openid',
          ...['zitadel', projectId].map((id) => `urn:zitadel:iam:org:project:id:${id}:aud`),
        ].join(' '),
      });
      bearer = (await tokens.get()).expose();
      tokens.close();
      // Application keys and JWT-profile keys are looked up in projections that lag: wait until both are known.
      const verifier = createVerifier({
        issuer: target.issuer,
        audience: projectId,
        client: parseApplicationKey(applicationKey.expose()),
        http: zitadel,
      });
      await vi.waitFor(async () => expect((await verifier.verify(bearer)).active).toBe(true), {
        timeout: 20_000,
        interval: 250,
      });
    });
    afterAll(async () => {
      if (!open) return;
      await directory.stop();
      await zitadel.organizations.remove(organizationId);
      await zitadel.users.remove(callerId);
      await zitadel.projects.remove(projectId);
      await zitadel.close();
      await target.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const ask = async (method: string, path: string, body: object, headers: Record<string, string> = {}) => {
      const response = await fetch(`${directory.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${bearer}`,
          'content-type': 'application/json',
          prefer: 'wait=20',
          ...headers,
        },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const post = (body: object, headers: Record<string, string> = {}) =>
      ask('POST', '/api/users', body, headers);
    const ada = { organization: 'north', email, givenName: 'Ada', familyName: 'Okafor', role: 'manager' };

    it('a user is made in the right organization, marked, with the role, and once for one key', async () => {
      const headers = { 'idempotency-key': 'ada-1' };
      const first = await post(ada, headers);
      expect(first).toMatchObject({ status: 202, body: { run: { state: 'done' }, user: { active: true } } });
      const { id } = first.body.user as { id: string };
      expect(((await post(ada, headers)).body.user as { id: string }).id).toBe(id);

      expect(await zitadel.users.get(id)).toMatchObject({
        organizationId,
        username: email,
        state: 'USER_STATE_ACTIVE',
      });
      expect(readOwner(await zitadel.users.metadata(id))).toMatchObject({ owner: 'directory', ref: id });
      await expect
        .poll(
          async () =>
            (await zitadel.authorizations.list({ userId: id, projectId }).all()).map(({ roles }) =>
              roles?.map(({ key }) => key),
            ),
          { timeout: 10_000 },
        )
        .toEqual([['manager']]);
      await zitadel.users.remove(id);
    });

    it('a user is changed, deactivated, activated, invited and deleted, each by a run that ends', async () => {
      const created = await post({ ...ada, email: `lee-${run}@north.example` });
      const { id } = created.body.user as { id: string };
      const path = `/api/users/${id}`;
      const state = async () => (await zitadel.users.find(id))?.state;
      const done = { status: 202, body: { run: { state: 'done' } } };

      expect(await ask('PATCH', path, { familyName: 'Changed', role: 'user' })).toMatchObject(done);
      expect((await zitadel.users.get(id)).human?.profile?.familyName).toBe('Changed');
      expect(await ask('POST', `/api/zitadel/users/${id}/deactivate`, { reason: 'test' })).toMatchObject(
        done,
      );
      expect(await state()).toBe('USER_STATE_INACTIVE');
      expect((await zitadel.users.metadata(id)).get('drawbridge.deactivated-by')).toMatch(/^directory:/);
      expect(await ask('POST', `/api/zitadel/users/${id}/activate`, {})).toMatchObject(done);
      expect(await state()).toBe('USER_STATE_ACTIVE');
      expect(await ask('POST', `${path}/invitation`, {})).toMatchObject(done);
      const { body } = await ask('POST', '/api/zitadel/users/sync-status', { organization: 'north' });
      expect(body).toMatchObject({ organizationId: expect.any(String) });
      expect(await ask('DELETE', path, { reason: 'test' })).toMatchObject(done);
      expect(await state()).toBeUndefined();
    });

    it('a stranger with the name is left alone', async () => {
      const name = `eva-${run}@north.example`;
      const home = (await zitadel.users.get(callerId)).organizationId;
      const stranger = await zitadel.users.create({
        organizationId: home,
        username: name,
        human: { profile: { givenName: 'E', familyName: 'V' }, email: { email: name, isVerified: true } },
      });
      try {
        const met = await post({ ...ada, email: name });
        expect(['quarantined', 'running']).toContain((met.body.run as { state: string }).state);
        expect(await zitadel.authorizations.list({ userId: stranger.id }).all()).toEqual([]);
      } finally {
        await zitadel.users.remove(stranger.id);
      }
    });
  });
});
