import { randomBytes } from 'node:crypto';
import type { Directory } from '@drawbridge/directory';
import { createNetbirdEmulator } from '@drawbridge/emulators';
import { Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resealSecrets } from '../src/integrations/index.ts';
import { createSealer } from '../src/sealing/index.ts';
import { databases } from './support/databases.ts';
import { createdUser } from './support/lifecycle.ts';
import { call, openDirectoryOn, openWorld, type World } from './support/world.ts';

const key = () => new Secret(randomBytes(32).toString('base64'));

describe.each(databases)('integrations on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let drop: () => Promise<void>;
  const present = key();
  let serviceAccount: string;

  beforeAll(async () => {
    world = await openWorld();
    serviceAccount = JSON.stringify(world.emulator.bootstrap.serviceAccountKey);
    const { location, close } = await kind.location();
    drop = close;
    directory = await openDirectoryOn(world, location, { secretKeys: [present] });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await drop();
    await world.close();
  });

  const candidate = () => ({
    type: 'zitadel',
    issuer: world.emulator.issuer,
    projectId: world.projectId,
    serviceAccount,
  });
  const tried = async (body: object) => {
    const { body: trial } = await call(directory, 'root', 'POST', '/api/integrations/test', body);
    const checks = trial.checks as { name: string; mark: string; saw: string; fix: string | null }[];
    return { checks, marks: Object.fromEntries(checks.map(({ name, mark }) => [name, mark])), trial };
  };

  it('are tried before they are saved, each check with what it saw and what to do', async () => {
    const { marks, trial } = await tried(candidate());
    expect(marks).toEqual({
      issuer: 'ok',
      clock: 'ok',
      key: 'ok',
      token: 'ok',
      version: 'ok',
      roles: 'ok',
      jwks: 'ok',
      project: 'ok',
    });
    expect(trial.roles).toMatchObject({ missing: [], wanted: [] });

    const wrong = await tried({ ...candidate(), projectId: 'nothing' });
    expect(wrong.checks.at(-1)).toMatchObject({ name: 'project', mark: 'fail', fix: expect.any(String) });
    const broken = await tried({ ...candidate(), serviceAccount: '{"type":"serviceaccount"}' });
    expect(broken.marks).toMatchObject({ key: 'fail', token: 'skip', roles: 'skip', project: 'skip' });
  });

  it('show the roles a key really has against those needed', async () => {
    const { id } = await world.zitadel.users.create({
      organizationId: world.emulator.bootstrap.organizationId,
      username: 'weak',
      machine: { name: 'weak' },
    });
    await world.zitadel.administrators.create({
      userId: id,
      resource: { instance: true },
      roles: ['IAM_USER_MANAGER'],
    });
    const { keyFile } = await world.zitadel.users.addKey(id, {
      expiresAt: new Date(Date.now() + 86_400_000),
    });
    const { marks, trial, checks } = await tried({ ...candidate(), serviceAccount: keyFile?.expose() });
    expect(marks).toMatchObject({ key: 'warn', roles: 'warn' });
    expect(trial.roles).toMatchObject({ missing: [], wanted: ['events.read'] });
    expect(checks.find(({ name }) => name === 'roles')?.saw).toContain('events.read');
  });

  it('keep secrets sealed for their row, show none, and reseal when the key changes', async () => {
    const token = 'nbp_012345678901234567890123456789abcdef';
    const emulator = createNetbirdEmulator();
    await emulator.start();
    const real = emulator.bootstrap.token.expose();
    const added = await call(directory, 'root', 'POST', '/api/integrations', {
      type: 'netbird',
      name: 'mesh',
      issuer: emulator.url,
      token: real,
      reason: 'first',
    });
    expect(added.status).toBe(201);
    expect(JSON.stringify(added.body)).not.toContain(real);
    const { id, secrets } = added.body as { id: string; secrets: Record<string, object> };
    expect(secrets.token).toEqual({ set: true, kind: 'sealed', reference: null });
    const row = async () =>
      await directory.database.db
        .selectFrom('system_integrations')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
    expect((await row()).token).toMatch(/^sealed:v1:/);
    const { body: health } = await call(directory, 'root', 'GET', `/api/integrations/${id}/health`);
    expect(health).toMatchObject({ reachable: true, code: null });

    const next = key();
    const before = (await row()).token;
    const sealer = createSealer({ keys: [next, present] });
    expect(await resealSecrets(directory.database, sealer)).toBe(1);
    expect((await row()).token).not.toBe(before);
    const opened = createSealer({ keys: [next] }).open((await row()).token ?? '', {
      purpose: 'system_integrations.token',
      row: id,
    });
    expect(opened.expose()).toBe(real);

    const changed = await call(directory, 'root', 'PUT', `/api/integrations/${id}`, {
      type: 'netbird',
      name: 'mesh',
      issuer: emulator.url,
      token,
      reason: 'rotated',
    });
    expect(changed.status).toBe(200);
    await emulator.stop();
    const { body: audit } = await call(directory, 'root', 'GET', `/api/audit?object=${id}`);
    expect(JSON.stringify(audit)).not.toContain(token);
    expect(audit.items).toMatchObject([
      { action: 'integration.change', reason: 'rotated', to: { secrets: ['token'] } },
      { action: 'integration.add' },
    ]);
  });

  it('belong to one instance for good', async () => {
    const { body } = await call(directory, 'root', 'GET', '/api/integrations');
    const [main] = body.items as { id: string; name: string }[];
    const moved = await call(directory, 'root', 'PUT', `/api/integrations/${main?.id}`, {
      type: 'zitadel',
      name: 'main',
      issuer: 'https://other.example',
      reason: 'move',
    });
    expect(moved).toMatchObject({ status: 400, body: { problems: [{ field: 'issuer' }] } });
  });

  it('serve an organization through a service account of its own, so that no key reaches all tenants', async () => {
    const { id } = await world.zitadel.users.create({
      organizationId: 'org-north',
      username: 'north-bridge',
      machine: { name: 'north-bridge' },
    });
    await world.zitadel.administrators.create({
      userId: id,
      resource: { organizationId: 'org-north' },
      roles: ['ORG_OWNER'],
    });
    const { keyFile } = await world.zitadel.users.addKey(id, {
      expiresAt: new Date(Date.now() + 86_400_000),
    });
    const kept = await call(directory, 'root', 'PATCH', '/api/organizations/north', {
      serviceAccount: keyFile?.expose(),
      reason: 'least privilege',
    });
    expect(kept.body).toMatchObject({ ownServiceAccount: true });
    expect(JSON.stringify(kept.body)).not.toContain('PRIVATE KEY');
    const user = await createdUser(directory, 'delegated');
    const created = [...world.emulator.events].find(
      (event) => event.aggregateId === user && event.type === 'user.human.added',
    );
    expect(created).toMatchObject({ editor: id });
    const denied = await call(directory, 'north-admin', 'PATCH', '/api/organizations/north', {
      serviceAccount: null,
      reason: 'mine',
    });
    expect(denied.status).toBe(404);
  });
});
