import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openDatabase } from '@drawbridge/directory';
import { createCatchUp, createEventReader, createInbox, createRevocations } from '@drawbridge/events';
import {
  createTokenSource,
  createVerifier,
  createZitadel,
  parseApplicationKey,
  parseServiceAccount,
} from '@drawbridge/zitadel';
import { describe, expect, it, onTestFinished } from 'vitest';

const { E2E_ZITADEL_ISSUER: issuer, E2E_ZITADEL_KEY: keyPath } = process.env;

describe.skipIf(!issuer || !keyPath)('on a real Zitadel (E2E_ZITADEL_ISSUER, E2E_ZITADEL_KEY)', () => {
  it('S19 a deactivated user is denied within 5 s by catch-up alone, without a webhook', {
    timeout: 120_000,
  }, async () => {
    const run = randomBytes(4).toString('hex');
    const zitadel = createZitadel({
      issuer: issuer ?? '',
      credentials: parseServiceAccount(await readFile(keyPath ?? '', 'utf8')),
    });
    onTestFinished(() => zitadel.close());
    const self = await zitadel.users.get((await zitadel.token.userId()) ?? '');
    const { organizationId } = self;
    const { id: projectId } = await zitadel.projects.create({ organizationId, name: `Revocation ${run}` });
    onTestFinished(async () => {
      await zitadel.projects.remove(projectId);
    });
    const application = await zitadel.applications.create({
      projectId,
      name: 'api',
      apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
    });
    const expiresAt = new Date(Date.now() + 3_600_000);
    const applicationKey = await zitadel.applications.createKey(projectId, application.id, expiresAt);
    const userId = `robot-${run}`;
    await zitadel.users.create({
      organizationId,
      userId,
      username: userId,
      machine: { name: 'Robot', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
    });
    onTestFinished(async () => {
      await zitadel.users.remove(userId);
    });
    const { keyFile } = await zitadel.users.addKey(userId, { expiresAt });

    const database = await openDatabase({ memory: true });
    onTestFinished(() => database.close());
    await database.migrate();
    const { id: instance } = await zitadel.instance.get();
    const reader = createEventReader(zitadel.events, instance);
    const revocations = createRevocations({ database, instance, reader, pollMs: 200 });
    const inbox = createInbox({ database, instance, consumers: [revocations.consumer], pollMs: 100 });
    await inbox.register();
    const catchUp = createCatchUp({ database, inbox, reader, intervalMs: 500 });
    inbox.start();
    catchUp.start();
    revocations.start();
    onTestFinished(async () => {
      await catchUp.stop();
      await inbox.stop();
      await revocations.stop();
    });
    await expect.poll(() => revocations.ageMs(), { timeout: 20_000 }).toBeLessThan(5_000);

    const tokens = createTokenSource({
      issuer: issuer ?? '',
      credentials: parseServiceAccount(keyFile?.expose() ?? ''),
      fetch: zitadel.fetch,
      scope: `openid urn:zitadel:iam:org:project:id:${projectId}:aud`,
    });
    const token = (await tokens.get()).expose();
    tokens.close();
    const verifier = createVerifier({
      issuer: issuer ?? '',
      audience: projectId,
      client: parseApplicationKey(applicationKey.expose()),
      http: zitadel,
      revocations,
    });
    await expect.poll(async () => (await verifier.verify(token)).active, { timeout: 20_000 }).toBe(true);

    await zitadel.users.deactivate(userId);
    const began = performance.now();
    await expect
      .poll(async () => (await verifier.verify(token)).active, { timeout: 20_000, interval: 20 })
      .toBe(false);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
