import { rm } from 'node:fs/promises';
import type { Directory } from '@drawbridge/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';
import { changed, createdUser } from './support/lifecycle.ts';
import { call, openDirectoryOn, openWorld, type World } from './support/world.ts';

describe.each(databases)('the overview on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let close: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    const own = await kind.location();
    close = own.close;
    directory = await openDirectoryOn(world, own.location, {
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3, patienceMs: 0 },
    });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await close();
    await world.close();
  });

  it('tells what waits for a person, how integrations are, and what happened', async () => {
    const id = await createdUser(directory, 'seen');
    await changed(directory, 'POST', `/api/zitadel/users/${id}/deactivate`);
    const foreign = await createdUser(directory, 'stopped');
    await world.zitadel.users.removeMetadata(foreign, ['drawbridge.owner']);
    const stopped = await changed(directory, 'DELETE', `/api/users/${foreign}`, { reason: 'left' });
    const { body } = await call(directory, 'root', 'GET', '/api/overview?organization=north');
    expect(body).toMatchObject({
      attention: [
        { kind: 'attention', id: stopped.id, title: expect.stringContaining('delete stopped@north.example') },
      ],
      integrations: [{ name: 'main', type: 'zitadel', reachable: true, code: null, faultSwitch: null }],
      charts: { timeToDeny: [{ id }], provisioning: [{ done: 3, attention: 1 }] },
    });
    expect((body.lastRuns as object[]).length).toBe(4);
    const { body: south } = await call(directory, 'root', 'GET', '/api/overview?organization=south');
    expect(south).toMatchObject({ attention: [], lastRuns: [], charts: { timeToDeny: [] } });
  });

  it('lists service accounts with their keys, shows a new key once, and none of another tenant', async () => {
    const { id } = await world.zitadel.users.create({
      organizationId: 'org-north',
      username: 'robot',
      machine: { name: 'Robot' },
    });
    const made = await call(
      directory,
      'root',
      'POST',
      `/api/service-accounts/${id}/keys?organization=north`,
      {
        expiresInDays: 30,
      },
    );
    expect(made).toMatchObject({ status: 201, body: { key: { type: 'serviceaccount', userId: id } } });
    const { body } = await call(directory, 'root', 'GET', '/api/service-accounts?organization=north');
    expect(body.items).toMatchObject([
      { id, name: 'Robot', state: 'active', keys: [{ id: made.body.keyId }] },
    ]);
    expect(JSON.stringify(body)).not.toContain('PRIVATE KEY');
    const elsewhere = await call(
      directory,
      'root',
      'DELETE',
      `/api/service-accounts/${id}/keys/${String(made.body.keyId)}?organization=south`,
      { reason: 'not mine' },
    );
    expect(elsewhere.status).toBe(404);
    const { body: audit } = await call(directory, 'root', 'GET', `/api/audit?object=${id}`);
    expect(audit.items).toMatchObject([{ action: 'service_account.key_add' }]);
    expect(JSON.stringify(audit)).not.toContain('PRIVATE KEY');
  });

  it('tells an integration that is down by name, without failing itself', async () => {
    await rm(world.keyPath);
    const own = await kind.location();
    const other = await openDirectoryOn(world, own.location);
    await other.start();
    const { status, body } = await call(other, 'root', 'GET', '/api/overview');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      attention: [{ kind: 'integration', title: expect.stringContaining('main is not reached') }],
      integrations: [{ reachable: false, code: expect.any(String) }],
    });
    await other.stop();
    await own.close();
  });
});
