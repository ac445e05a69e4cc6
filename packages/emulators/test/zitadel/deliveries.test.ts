import { createZitadelEmulator } from '@drawbridge/emulators';
import { ManualClock } from '@drawbridge/kit';
import fc from 'fast-check';
import { compactVerify, createRemoteJWKSet } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { drawFate, noWebhookFaults } from '../../src/zitadel/webhook-faults.ts';
import { isSigned, receiverForTests } from './receiver.ts';
import { action, emulatorForTests, post, serviceAccountToken, user } from './support.ts';

const { emulator, call, fetch } = emulatorForTests({ outboundDenyList: [] });
const receiver = receiverForTests();

afterEach(async () => {
  await emulator.settled();
  emulator.controls.set({ quirks: { allEventsBreakApi: false } });
  const { body } = await call(action('ListExecutions'));
  for (const { condition } of (body.executions ?? []) as { condition: object }[]) {
    await call(action('SetExecution'), { condition });
  }
  emulator.controls.reset();
});

/** A target that is awake: it was changed after an execution named it. */
async function listen(condition: object, extra: object = {}) {
  const made = await call(action('CreateTarget'), {
    name: 'receiver',
    restWebhook: {},
    timeout: '5s',
    endpoint: receiver.url,
    ...extra,
  });
  const id = String(made.body.id);
  await call(action('SetExecution'), { condition, targets: [id] });
  await call(action('UpdateTarget'), { id, name: 'receiver, awake' });
  return { id, signingKey: String(made.body.signingKey) };
}

let count = 0;

async function createUser(): Promise<string> {
  const userId = `delivered-${++count}`;
  await call(user('CreateUser'), {
    organizationId: emulator.bootstrap.organizationId,
    userId,
    human: {
      profile: { givenName: 'De', familyName: 'Livered' },
      email: { email: `${userId}@example.com`, isVerified: true },
      password: { password: 'Correct-Horse1' },
    },
  });
  await emulator.settled();
  return userId;
}

const ids = () => receiver.received.map(({ body }) => body.aggregateID);
const added = { event: { event: 'user.human.added' } };

describe('events', () => {
  it('quirk 17: come signed, under mixed keys, with the hash of the password', async () => {
    const { signingKey } = await listen(added);
    const userId = await createUser();
    const [one] = receiver.received;
    expect(receiver.received).toHaveLength(1);
    expect(one?.headers['content-type']).toBe('application/json');
    expect(one && isSigned(one, signingKey)).toBe(true);
    const { created_at: createdAt, event_payload: payload, ...rest } = one?.body ?? {};
    expect(rest).toEqual({
      aggregateID: userId,
      aggregateType: 'user',
      resourceOwner: emulator.bootstrap.organizationId,
      instanceID: emulator.bootstrap.instanceId,
      version: 'v2',
      sequence: 1,
      event_type: 'user.human.added',
      userID: emulator.bootstrap.serviceAccountKey.userId,
    });
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?Z$/);
    expect(payload).toMatchObject({
      userName: `${userId}@example.com`,
      encodedHash: expect.stringMatching(/^\$/),
    });
    expect(payload).not.toHaveProperty('changeRequired');
  });

  it('have no payload where the event has none', async () => {
    await listen({ event: { event: 'user.deactivated' } });
    const userId = await createUser();
    await call(user('DeactivateUser'), { userId });
    await emulator.settled();
    expect(receiver.received[0]?.body).not.toHaveProperty('event_payload');
  });

  it('run the most specific execution alone', async () => {
    const paths = async (condition: object, path: string) =>
      listen(condition, { endpoint: `${receiver.url}/${path}` });
    await paths({ event: { group: 'user' } }, 'user');
    await paths({ event: { group: 'user.human' } }, 'human');
    await paths(added, 'exact');
    await createUser();
    // The exact event, and for user.human.email.verified the longest group.
    expect(receiver.received.map(({ body }) => body.event_type)).toEqual([
      'user.human.added',
      'user.human.email.verified',
    ]);
    expect(emulator.deliveries.slice(-2).map(({ cause, outcome }) => [cause, outcome])).toEqual([
      ['user.human.added', 'delivered'],
      ['user.human.email.verified', 'delivered'],
    ]);
  });

  it('call several targets in order, and stop where one interrupts', async () => {
    const first = await listen(added, { endpoint: `${receiver.url}/first` });
    const second = await listen(added, { endpoint: `${receiver.url}/second` });
    const targets = [first.id, second.id];
    await call(action('SetExecution'), { condition: added, targets });
    await createUser();
    expect(receiver.received).toHaveLength(2);
    receiver.answers(() => ({ status: 500 }));
    await createUser();
    // The first failure does not interrupt.
    expect(receiver.received).toHaveLength(4);
    await call(action('UpdateTarget'), { id: first.id, restWebhook: { interruptOnError: true } });
    await createUser();
    expect(receiver.received).toHaveLength(5);
  });

  it('are never tried twice', async () => {
    await listen(added);
    receiver.answers(() => ({ status: 503 }));
    await createUser();
    await emulator.settled();
    expect(receiver.received).toHaveLength(1);
    expect(emulator.deliveries.at(-1)?.outcome).toBe('failed');
  });

  it('are dropped when they are older than five minutes', async () => {
    await listen(added);
    emulator.controls.set({ webhooks: { paused: true } });
    await createUser();
    emulator.controls.set({ clockOffsetMs: 301_000 });
    emulator.controls.set({ webhooks: { paused: false } });
    await emulator.settled();
    expect(receiver.received).toHaveLength(0);
    expect(emulator.deliveries.at(-1)?.outcome).toBe('expired');
  });

  it('have ten seconds together', async () => {
    const clock = new ManualClock(Date.now());
    const slow = createZitadelEmulator({ clock, outboundDenyList: [] });
    await slow.start();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    try {
      const token = await serviceAccountToken(slow);
      const ask = (method: string, body: unknown) => post(fetch, `${slow.issuer}/${method}`, body, token);
      slow.controls.set({ quirks: { freshTargetsSilent: false } });
      const made = await ask(action('CreateTarget'), {
        name: 'slow',
        restWebhook: {},
        timeout: '60s',
        endpoint: receiver.url,
      });
      await ask(action('SetExecution'), { condition: added, targets: [made.body.id] });
      const arrived = new Promise<void>((resolve) => {
        receiver.answers(() => {
          resolve();
          return { after: held };
        });
      });
      const { organizationId } = slow.bootstrap;
      const human = {
        profile: { givenName: 'S', familyName: 'Low' },
        email: { email: 'slow@example.com', isVerified: true },
      };
      await ask(user('CreateUser'), { organizationId, human });
      await arrived;
      clock.advance(10_000);
      await slow.settled();
      expect(slow.deliveries.at(-1)?.outcome).toBe('failed');
    } finally {
      release();
      await slow.stop();
    }
  });
});

describe('quirks of executions', () => {
  it('zitadel#12185: a fresh target is silent until an update changes something', async () => {
    const made = await call(action('CreateTarget'), {
      name: 'fresh',
      restWebhook: {},
      timeout: '5s',
      endpoint: receiver.url,
    });
    const { id } = made.body;
    await call(action('SetExecution'), { condition: added, targets: [id] });
    await createUser();
    await call(action('UpdateTarget'), { id, name: 'fresh' });
    await createUser();
    expect(receiver.received).toHaveLength(0);
    await call(action('UpdateTarget'), { id, timeout: '6s' });
    const heard = await createUser();
    expect(ids()).toEqual([heard]);
  });

  it('zitadel#11985: signed and encrypted payloads of events never arrive, unless the quirk is off', async () => {
    await listen(added, { payloadType: 'PAYLOAD_TYPE_JWT' });
    await createUser();
    expect(receiver.received).toHaveLength(0);
    emulator.controls.set({ quirks: { packedEventsLost: false } });
    const userId = await createUser();
    const keys = createRemoteJWKSet(new URL(`${emulator.issuer}/oauth/v2/keys`));
    const { payload } = await compactVerify(receiver.received[0]?.raw ?? '', keys);
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({ aggregateID: userId });
    expect(receiver.received[0]?.headers['content-type']).toBe('application/json');
  });

  it('zitadel#12225: an execution for all events breaks the API, unless the quirk is off', async () => {
    await listen({ event: { all: true } });
    expect((await call(user('ListUsers'))).body).toMatchObject({ code: 'internal' });
    expect((await fetch(`${emulator.issuer}/oauth/v2/keys`)).status).toBe(500);
    emulator.controls.set({ quirks: { allEventsBreakApi: false } });
    expect((await call(user('ListUsers'))).status).toBe(200);
  });
});

describe('injected trouble', () => {
  it('loses, repeats and overtakes as many as told', async () => {
    await listen(added);
    emulator.controls.set({ webhooks: { loseNext: 1 } });
    await createUser();
    expect(ids()).toEqual([]);
    expect(emulator.deliveries.at(-1)?.outcome).toBe('lost');
    emulator.controls.set({ webhooks: { repeatNext: 1 } });
    const twice = await createUser();
    expect(ids()).toEqual([twice, twice]);
    emulator.controls.set({ webhooks: { paused: true, delayNext: 1 } });
    const [late, early] = [await createUser(), await createUser()];
    emulator.controls.set({ webhooks: { paused: false } });
    await emulator.settled();
    expect(ids().slice(2)).toEqual([early, late]);
  });

  it('is set by other processes too, and wrong settings are told', async () => {
    const url = `${emulator.issuer}/emulator/controls`;
    const set = (body: object) => fetch(url, { method: 'POST', body: JSON.stringify(body) });
    const answer = await set({ webhooks: { loseRate: 1 }, quirks: { freshTargetsSilent: false } });
    expect(await answer.json()).toMatchObject({
      webhooks: { loseRate: 1, paused: false },
      quirks: { freshTargetsSilent: false, allEventsBreakApi: true },
    });
    for (const wrong of [
      { webhooks: { lose: 1 } },
      { webhooks: { loseNext: -1 } },
      { quirks: { x: true } },
    ]) {
      expect((await set(wrong)).status).toBe(400);
    }
  });

  it('happens as often as its rate says', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, (loseRate, repeatRate, delayRate) => {
        const faults = { ...noWebhookFaults, loseRate, repeatRate, delayRate };
        const always = drawFate(faults, () => 0).fate;
        const never = drawFate(faults, () => 1).fate;
        expect(never).toBe('normal');
        if (loseRate > 0) expect(always).toBe('lost');
        else if (repeatRate > 0) expect(always).toBe('twice');
        else expect(always).toBe(delayRate > 0 ? 'late' : 'normal');
      }),
    );
  });
});
