import { randomBytes } from 'node:crypto';
import { type Clock, createHttpClient, createMetrics, type Fetch, systemClock } from '@drawbridge/kit';
import { parseApplicationKey } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createTokenReviewWebhook, parseAudienceMap } from '../../src/index.ts';
import { type Instance, startInstance } from '../support/instance.ts';
import { post, review } from '../support/post.ts';

const cluster = 'https://kubernetes.default.svc';
let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.stop());

/** A webhook beside the instance, whose clock can be put forward. */
async function openWebhook({ audiences = [instance.projectId], key = instance.applicationKey } = {}) {
  let aheadMs = 0;
  const questions: string[] = [];
  const clock: Clock = { now: () => Date.now() + aheadMs, sleep: systemClock.sleep };
  const http = createHttpClient();
  const counting: Fetch = (input, init) => {
    if (String(input).endsWith('/introspect'))
      questions.push(typeof init?.body === 'string' ? init.body : '');
    return http.fetch(input, init);
  };
  const webhook = await createTokenReviewWebhook({
    issuer: instance.emulator.issuer,
    client: parseApplicationKey(key),
    http: { fetch: counting },
    audiences: parseAudienceMap(audiences),
    port: 0,
    metricsServer: { host: '127.0.0.1', port: 0 },
    metrics: await createMetrics({ process: false }),
    clock,
  });
  await webhook.start();
  onTestFinished(async () => {
    await webhook.stop();
    await http.close();
  });
  const status = async (token: string, asked: readonly string[] = [cluster]) => {
    const answer = await post(webhook.url, review(token, asked));
    return answer.status === 200 ? answer.body.status : answer.status;
  };
  return {
    webhook,
    status,
    introspections: (token?: string) =>
      questions.filter((form) => token === undefined || new URLSearchParams(form).get('token') === token)
        .length,
    advance: (ms: number) => {
      aheadMs += ms;
    },
  };
}

const no = { authenticated: false };

describe('the webhook beside Zitadel', () => {
  it.each([true, false])('F4, F5 accepts a machine by its token (JWT: %j)', async (jwt) => {
    const { id, token } = await instance.machine({ jwt });
    const { status } = await openWebhook();
    const { organizationId } = instance;
    expect(await status(token, [cluster, 'other'])).toEqual({
      authenticated: true,
      user: {
        username: id,
        uid: id,
        groups: [`zitadel:org:${organizationId}`, `zitadel:org:${organizationId}:admin`],
        extra: {
          'drawbridge.internal/issuer': [instance.emulator.issuer],
          'drawbridge.internal/organization': [organizationId],
          'drawbridge.internal/client': [expect.any(String)],
        },
      },
      audiences: [cluster, 'other'],
    });
  });

  it('S42, F4 refuses a token for another project, and one for an audience that was not asked about', async () => {
    const foreign = await instance.machine({ audience: '999' });
    const own = await instance.machine();
    const { status } = await openWebhook({ audiences: [`${instance.projectId}=vault`] });
    expect(await status(foreign.token)).toEqual(no);
    expect(await status(own.token)).toEqual(no);
    expect(await status(own.token, ['vault', cluster])).toMatchObject({ audiences: ['vault'] });
  });

  it('S19 denies a deactivated user once the TTL of 30 s is over, and remembers until then', async () => {
    const { id, token } = await instance.machine();
    const { status, advance, introspections } = await openWebhook();
    expect(await status(token)).toMatchObject({ authenticated: true });
    await instance.zitadel.users.deactivate(id);
    advance(25_000);
    expect(await status(token)).toMatchObject({ authenticated: true });
    expect(introspections()).toBe(1);
    advance(5_000);
    expect(await status(token)).toEqual(no);
  });

  it('S41, F3 an outage is 503 for what is not remembered, and over when Zitadel is back', async () => {
    const known = await instance.machine();
    const other = await instance.machine();
    const { status } = await openWebhook();
    await status(known.token);
    instance.emulator.controls.fail({ match: '/oauth/v2/introspect', status: 503 });
    try {
      expect(await status(other.token)).toBe(503);
      expect(await status(known.token)).toMatchObject({ authenticated: true });
    } finally {
      instance.emulator.controls.clearFaults();
    }
    expect(await status(other.token)).toMatchObject({ authenticated: true });
  });

  it('S20 asks Zitadel once about a token, however many wait, and garbage holds no real one up', async () => {
    const { token } = await instance.machine();
    const { status, introspections } = await openWebhook();
    const part = () => randomBytes(24).toString('base64url');
    const garbage = Array.from({ length: 400 }, (_, at) =>
      at % 2 === 0 ? `${part()}.${part()}.${part()}` : part(),
    );
    const flood = garbage.map((one) => status(one));
    const real = await Promise.all(Array.from({ length: 50 }, () => status(token)));
    for (const answer of real) expect(answer).toMatchObject({ authenticated: true });
    const answers = await Promise.all(flood);
    // Of opaque ones the source may ask 50 at once; the others are told to come back, which no cache keeps.
    for (const [at, answer] of answers.entries())
      expect(answer === 503 || (answer as { authenticated?: boolean }).authenticated === false, `${at}`).toBe(
        true,
      );
    expect(answers.filter((_, at) => at % 2 === 0)).toEqual(Array.from({ length: 200 }, () => no));
    expect(introspections(token)).toBe(1);
    expect(introspections()).toBeLessThan(120);
  });

  it('is ready once Zitadel took its application, and not with a key that it does not take', async () => {
    const good = await openWebhook();
    expect((await fetch(`${good.webhook.url}/readyz`)).status).toBe(200);
    instance.emulator.controls.fail({ match: '/oauth/v2/introspect', status: 503 });
    expect((await fetch(`${good.webhook.metricsUrl}/readyz`)).status).toBe(200);
    instance.emulator.controls.clearFaults();
    const key = JSON.stringify({ ...JSON.parse(instance.applicationKey), keyId: '1' });
    const bad = await openWebhook({ key });
    expect((await fetch(`${bad.webhook.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${bad.webhook.url}/livez`)).status).toBe(200);
    const { token } = await instance.machine();
    expect(await bad.status(token)).toBe(503);
  });

  it('keeps a connection longer than the 90 s that kube-apiserver does', async () => {
    const { webhook } = await openWebhook();
    const { headers } = await fetch(`${webhook.url}/livez`);
    expect(Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(90);
  });
});
