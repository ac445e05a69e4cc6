import { join } from 'node:path';
import {
  type Directory,
  openDirectory,
  putSiteAdministrator,
  putZitadelIntegration,
} from '@drawbridge/directory';
import { createHttpClient, writeFileAtomic } from '@drawbridge/kit';
import { createTokenSource, parseServiceAccount } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { databases } from '../support/databases.ts';
import { openWorld, type World } from '../support/world.ts';

describe.each(databases)('a user who is deactivated in Zitadel, on $name', (kind) => {
  const soon = { timeout: 10_000, interval: 20 };

  let world: World;
  let directory: Directory;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld({ outboundDenyList: [] });
    const { applications } = world.zitadel;
    const { id } = await applications.create({
      projectId: world.projectId,
      name: 'API',
      apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
    });
    const key = await applications.createKey(world.projectId, id, new Date(Date.now() + 86_400_000));
    const path = join(world.folder, 'application.json');
    await writeFileAtomic(path, key.expose(), { mode: 0o600 });
    const own = await kind.location();
    drop = own.close;
    directory = await openDirectory({ database: own.location, port: 0, events: { url: 'own' } });
    await directory.database.transaction(async (trx) => {
      const at = new Date();
      await putZitadelIntegration(trx, {
        name: 'main',
        issuer: world.emulator.issuer,
        projectId: world.projectId,
        clientId: (JSON.parse(key.expose()) as { clientId: string }).clientId,
        clientSecret: `file:${path}`,
        serviceAccount: `file:${world.keyPath}`,
        actor: 'test',
        at,
      });
      await putSiteAdministrator(trx, 'machine', 'test', at);
    });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await drop();
    await world.close();
  });

  it('an accepted token is denied within five seconds of its user being deactivated in Zitadel', async () => {
    const { users, actions } = world.zitadel;
    await users.create({
      organizationId: world.emulator.bootstrap.organizationId,
      userId: 'machine',
      username: 'machine',
      machine: { name: 'machine', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
    });
    const { keyFile } = await users.addKey('machine', { expiresAt: new Date(Date.now() + 86_400_000) });
    const http = createHttpClient();
    const tokens = createTokenSource({
      issuer: world.emulator.issuer,
      credentials: parseServiceAccount(keyFile?.expose() ?? ''),
      fetch: http.fetch,
      scope: `openid urn:zitadel:iam:org:project:id:${world.projectId}:aud`,
    });
    const token = (await tokens.get()).expose();
    const status = async () =>
      (await fetch(`${directory.url}/api/me`, { headers: { authorization: `Bearer ${token}` } })).status;
    await vi.waitFor(async () => {
      const [target] = await actions.listTargets().all();
      expect(target?.timeoutMs).toBe(5_000);
    }, soon);
    expect(await status()).toBe(200);

    const began = Date.now();
    await users.deactivate('machine');
    await vi.waitFor(async () => expect(await status()).toBe(401), soon);
    // Without events a token that was accepted is asked about again after 30 s.
    expect(Date.now() - began).toBeLessThan(5_000);
    tokens.close();
    await http.close();
  });
});
