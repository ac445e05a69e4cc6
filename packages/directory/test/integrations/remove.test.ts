import { addOrganization, type Directory } from '@drawbridge/directory';
import { createNetbirdEmulator } from '@drawbridge/emulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databases } from '../support/databases.ts';
import { addPeople } from '../support/sweeps.ts';
import { call, openDirectoryOn, openWorld, settled, type World } from '../support/world.ts';

const soon = { timeout: 15_000, interval: 20 };

describe.each(databases)('an integration that is removed, on $name', (kind) => {
  let first: World;
  let later: World;
  let directory: Directory;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    first = await openWorld({ outboundDenyList: [] });
    later = await openWorld({ outboundDenyList: [] });
    const own = await kind.location();
    drop = own.close;
    directory = await openDirectoryOn(first, own.location, { events: { url: 'own' } });
    await directory.start();
  });
  afterEach(async () => {
    await directory.stop();
    await drop();
    await later.close();
    await first.close();
  });

  const integrate = async (body: object) => {
    const added = await call(directory, 'root', 'POST', '/api/integrations', { reason: 'test', ...body });
    expect(added.status).toBe(201);
    return String(added.body.id);
  };
  const second = async () =>
    await integrate({
      type: 'zitadel',
      name: 'later',
      issuer: later.emulator.issuer,
      projectId: later.projectId,
      serviceAccount: `file:${later.keyPath}`,
    });
  const remove = (id: string, body: object = {}) =>
    call(directory, 'root', 'DELETE', `/api/integrations/${id}`, {
      name: 'later',
      reason: 'the merger was called off',
      ...body,
    });
  const targets = async () => await later.zitadel.actions.listTargets().all();
  const ids = async () => {
    const { body } = await call(directory, 'root', 'GET', '/api/integrations');
    return (body.items as { id: string }[]).map(({ id }) => id);
  };
  const addWest = async (integrationId: string, zitadelOrgId?: string) =>
    await directory.database.transaction((trx) =>
      addOrganization(trx, {
        slug: 'west',
        name: 'West',
        integrationId,
        ...(zitadelOrgId === undefined ? {} : { zitadelOrgId }),
        actor: 'test',
        at: new Date(),
      }),
    );

  it('takes its webhooks out of Zitadel, leaves those of others, and stands in the audit', async () => {
    const { actions } = later.zitadel;
    const foreign = await actions.createTarget({
      name: 'foreign',
      endpoint: 'https://elsewhere.example/hook',
      kind: 'async',
      timeoutMs: 1_000,
    });
    await actions.setExecution({ event: { event: 'user.deactivated' } }, [foreign.id]);
    const id = await second();
    await expect.poll(async () => (await targets()).length, soon).toBe(2);
    const called = async () =>
      (await actions.listExecutions().all()).map(({ condition, targets: all }) => [
        condition.event?.event,
        all,
      ]);
    await expect.poll(async () => (await called()).length, soon).toBeGreaterThan(5);

    const wrong = await remove(id, { name: 'main' });
    expect(wrong).toMatchObject({ status: 400, body: { problems: [{ field: 'name' }] } });
    const removed = await remove(id);
    expect(removed.status).toBe(200);
    expect(removed.body.webhooks).toBeGreaterThan(5);
    expect((await targets()).map((one) => one.id)).toEqual([foreign.id]);
    expect(await called()).toEqual([['user.deactivated', [foreign.id]]]);
    expect(await ids()).not.toContain(id);
    const { body: audit } = await call(directory, 'root', 'GET', `/api/audit?object=${id}`);
    expect(audit.items).toMatchObject([
      {
        action: 'integration.remove',
        reason: 'the merger was called off',
        from: { name: 'later', issuer: later.emulator.issuer },
      },
      { action: 'integration.add' },
    ]);
    expect((await remove(id)).status).toBe(404);
  });

  it('is refused while a mapped organization uses it or people of it are known, and then unmapped ones move', async () => {
    const id = await second();
    const west = await addWest(id, 'org-south');
    const [one] = await addPeople(later, directory, 'west', ['one']);
    const mapped = await remove(id);
    expect(mapped).toMatchObject({ status: 409, body: { code: 'integration_in_use' } });
    expect(mapped.body.detail).toContain('West');
    const unmapped = await call(directory, 'root', 'POST', '/api/zitadel/org-mapping', {
      organization: 'west',
      zitadelOrgId: null,
      reason: 'called off',
    });
    expect(unmapped.status).toBe(202);
    await settled(directory, (unmapped.body.run as { id: string }).id);
    const peopled = await remove(id);
    expect(peopled).toMatchObject({ status: 409, body: { code: 'integration_in_use' } });
    await directory.database.db
      .deleteFrom('users')
      .where('id', '=', one?.id ?? '')
      .execute();
    expect((await remove(id)).status).toBe(200);
    const [main] = await ids();
    const row = await directory.database.db
      .selectFrom('organizations')
      .selectAll()
      .where('id', '=', west)
      .executeTakeFirst();
    expect(row).toMatchObject({ integration_id: main, zitadel_org_id: null, service_account_json: null });
    const { body: audit } = await call(directory, 'root', 'GET', '/api/audit?organization=west&limit=1');
    expect(audit.items).toMatchObject([{ action: 'organization.change', from: { integration: id } }]);
  });

  it('is refused where people sign in at it', async () => {
    const [main = ''] = await ids();
    await directory.database.db.updateTable('organizations').set({ zitadel_org_id: null }).execute();
    const refused = await remove(main, { name: 'main' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'integration_in_use' } });
    expect(refused.body.detail).toContain('sign in');
  });

  it('that is out of reach goes only where its webhooks may stay', async () => {
    const id = await second();
    await expect.poll(async () => (await targets()).length, soon).toBe(1);
    later.emulator.controls.set({ outage: true });
    const failed = await remove(id);
    expect(failed.status).toBeGreaterThanOrEqual(502);
    expect(await ids()).toContain(id);
    expect((await remove(id, { leave: true })).body).toEqual({ webhooks: 0 });
    expect(await ids()).not.toContain(id);
    later.emulator.controls.reset();
    expect(await targets()).toHaveLength(1);
  });

  it('that is a NetBird is taken from organizations that are not mapped', async () => {
    const netbird = createNetbirdEmulator();
    await netbird.start();
    const id = await integrate({
      type: 'netbird',
      name: 'later',
      issuer: netbird.url,
      token: 'env:NONE',
    });
    const give = (slug: string) =>
      directory.database.db
        .updateTable('organizations')
        .set({ netbird_integration_id: id })
        .where('slug', '=', slug)
        .execute();
    await give('north');
    await give('unmapped');
    expect((await remove(id)).body).toMatchObject({ code: 'integration_in_use' });
    await directory.database.db
      .updateTable('organizations')
      .set({ netbird_integration_id: null })
      .where('slug', '=', 'north')
      .execute();
    expect((await remove(id)).status).toBe(200);
    await netbird.stop();
  });
});
