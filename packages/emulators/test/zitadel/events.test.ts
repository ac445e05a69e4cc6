import { createZitadelEmulator } from '@drawbridge/emulators';
import { createHttpClient, type HttpClient, ManualClock } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, serviceAccountToken, user } from './support.ts';

interface Listed {
  readonly sequence: string;
  readonly creationDate: string;
  readonly type: { readonly type: string };
  readonly aggregate: { readonly id: string; readonly type: { readonly type: string } };
  readonly editor: { readonly userId: string };
  readonly payload?: unknown;
}

const clock = new ManualClock(Date.now());
const emulator = createZitadelEmulator({ clock });
let http: HttpClient;
let token = '';

beforeAll(async () => {
  await emulator.start();
  http = createHttpClient();
  token = await serviceAccountToken(emulator);
  for (const userId of ['ev-1', 'ev-2', 'ev-3']) {
    clock.advance(1_000);
    await ask(user('CreateUser'), {
      organizationId: emulator.bootstrap.organizationId,
      userId,
      human: {
        profile: { givenName: 'E', familyName: 'V' },
        email: { email: `${userId}@example.com`, isVerified: true },
      },
    });
  }
});
afterAll(async () => {
  await emulator.stop();
  await http.close();
});

const ask = (method: string, body: unknown) => post(http.fetch, `${emulator.issuer}/${method}`, body, token);

async function events(query: object): Promise<readonly Listed[]> {
  const { body } = await ask('admin/v1/events/_search', query);
  return (body.events ?? []) as readonly Listed[];
}

const ofUsers = { aggregateTypes: ['user'], eventTypes: ['user.human.added'] };
const names = (listed: readonly Listed[]) => listed.map(({ aggregate }) => aggregate.id);

describe('ListEvents', () => {
  it('quirk 19: counts the sequence within an aggregate, and one transaction shares its time', async () => {
    const [added, verified, ...more] = await events({ aggregateId: 'ev-1', asc: true });
    expect(more).toHaveLength(0);
    expect([added?.sequence, verified?.sequence]).toEqual(['1', '2']);
    expect(verified?.creationDate).toBe(added?.creationDate);
    expect(added?.payload).toMatchObject({ userName: 'ev-1@example.com' });
    expect(verified).not.toHaveProperty('payload');
  });

  it('is newest first unless told otherwise', async () => {
    expect(names(await events({ ...ofUsers, limit: 2 }))).toEqual(['ev-3', 'ev-2']);
    expect(names(await events({ ...ofUsers, asc: true })).slice(-3)).toEqual(['ev-1', 'ev-2', 'ev-3']);
  });

  it('takes `from` as strictly after when ascending, strictly before when descending', async () => {
    const [second] = await events({ aggregateId: 'ev-2', limit: 1 });
    const from = second?.creationDate;
    expect(names(await events({ ...ofUsers, from, asc: true }))).toEqual(['ev-3']);
    expect(names(await events({ ...ofUsers, from }))[0]).toBe('ev-1');
  });

  it('takes both ends of a range as strict, and prefers it to `from`', async () => {
    const [first] = await events({ aggregateId: 'ev-1', limit: 1 });
    const [third] = await events({ aggregateId: 'ev-3', limit: 1 });
    const range = { since: first?.creationDate, until: third?.creationDate };
    expect(names(await events({ ...ofUsers, range, from: third?.creationDate, asc: true }))).toEqual([
      'ev-2',
    ]);
  });

  it('filters by editor, owner and sequence', async () => {
    const editorUserId = emulator.bootstrap.serviceAccountKey.userId;
    const listed = await events({ editorUserId, aggregateTypes: ['user'] });
    expect(listed).toHaveLength(6);
    expect(new Set(listed.map(({ editor }) => editor.userId))).toEqual(new Set([editorUserId]));
    const later = await events({ aggregateId: 'ev-1', sequence: '1' });
    expect(later.map(({ type }) => type.type)).toEqual(['user.human.email.verified']);
    expect(await events({ resourceOwner: 'nobody' })).toEqual([]);
  });

  it('answers a thousand at most, whatever is asked', async () => {
    const userId = 'ev-1';
    for (let at = 0; at < 1_001; at++) {
      const metadata = [{ key: 'k', value: Buffer.from(String(at)).toString('base64') }];
      if (at % 200 === 0) clock.advance(1);
      await ask(user('SetUserMetadata'), { userId, metadata });
    }
    for (const limit of [undefined, 0, 5_000]) expect(await events({ limit })).toHaveLength(1_000);
    expect(await events({ limit: 7 })).toHaveLength(7);
  }, 30_000);

  it('refuses more than thirty types', async () => {
    const eventTypes = Array.from({ length: 31 }, () => 'user.removed');
    expect((await ask('admin/v1/events/_search', { eventTypes })).status).toBe(400);
  });
});
