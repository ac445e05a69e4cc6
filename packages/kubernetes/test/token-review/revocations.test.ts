import { createEventExecutions, createSigningKeys } from '@drawbridge/events';
import { createHttpClient } from '@drawbridge/kit';
import { parseApplicationKey } from '@drawbridge/zitadel';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  actionPaths,
  createRevocationReader,
  createTokenReviewWebhook,
  parseAudienceMap,
} from '../../src/index.ts';
import { clearEvents, openActions, openTestDatabase, type TestDatabase, until } from '../support/actions.ts';
import { type Instance, startInstance } from '../support/instance.ts';
import { post, review } from '../support/post.ts';

async function isAuthenticated(url: string, token: string): Promise<unknown> {
  const { body } = await post(url, review(token));
  return (body.status as { readonly authenticated?: unknown }).authenticated;
}

describe('revocations that another process writes', () => {
  let instance: Instance;
  let database: TestDatabase;
  beforeAll(async () => {
    [instance, database] = await Promise.all([startInstance({ outboundDenyList: [] }), openTestDatabase()]);
  });
  beforeEach(() => clearEvents(database));
  afterAll(async () => {
    await database.close();
    await instance.stop();
  });

  /** TTL of ten minutes: whatever is denied sooner is denied by an event. */
  const openWebhook = async () => {
    const http = createHttpClient();
    const revocations = createRevocationReader({ database, pollMs: 100 });
    const webhook = await createTokenReviewWebhook({
      issuer: instance.emulator.issuer,
      client: parseApplicationKey(instance.applicationKey),
      http,
      audiences: parseAudienceMap([instance.projectId]),
      ttlMs: 600_000,
      revocations,
      port: 0,
    });
    revocations.start();
    await webhook.start();
    onTestFinished(async () => {
      await webhook.stop();
      await revocations.stop();
      await http.close();
    });
    return { webhook, revocations };
  };

  it('S19 deny a deactivated user within 5 s of the event, from a webhook alone, where the TTL would take ten minutes', async () => {
    const { zitadel } = instance;
    const { webhook } = await openWebhook();
    let endpoint = 'http://127.0.0.1:1/';
    const executions = () =>
      createEventExecutions({ actions: zitadel.actions, endpoint, eventTypes: ['user.deactivated'] });
    const keys = createSigningKeys({ load: () => executions().signingKey(), cooldownMs: 0 });
    const { server } = await openActions({ database, keys });
    endpoint = `${server.url}${actionPaths.events}`;
    await executions().ensure();
    const { id, token } = await instance.machine();
    const authenticated = async () => isAuthenticated(webhook.url, token);
    expect(await authenticated()).toBe(true);
    await zitadel.users.deactivate(id);
    const began = performance.now();
    await until(async () => !(await authenticated()), 'the denial');
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('deny by catch-up, too, and accept without a question while it is fresh', async () => {
    const { zitadel } = instance;
    const { webhook, revocations } = await openWebhook();
    await openActions({ database, zitadel });
    await until(async () => revocations.ageMs() < 30_000, 'a fresh feed');
    const { id, token } = await instance.machine();
    const authenticated = async () => isAuthenticated(webhook.url, token);
    expect(await authenticated()).toBe(true);
    await zitadel.users.deactivate(id);
    // The event store is read every ten seconds, a tenth more or less.
    await until(async () => !(await authenticated()), 'the denial', 25_000);
  }, 45_000);

  it('know nothing while the database knows no instance, or several', async () => {
    const revocations = createRevocationReader({ database, pollMs: 20 });
    revocations.start();
    onTestFinished(() => revocations.stop());
    expect(revocations.ageMs()).toBe(Number.POSITIVE_INFINITY);
    expect(revocations.denied({ subject: '7', session: undefined, issuedAt: 0 })).toBe(false);
    await openActions({ database, instance: '1' });
    await openActions({ database, instance: '2' });
    expect(revocations.ageMs()).toBe(Number.POSITIVE_INFINITY);
  });
});
