import { describe, expect, it } from 'vitest';
import { emulatorForTests, post, user } from './support.ts';

const harness = emulatorForTests();
const { emulator, call, fetch } = harness;

const connect = (body: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${emulator.issuer}/${user('ListUsers')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${harness.token}`, ...headers },
    body,
  });

describe('Connect', () => {
  it('writes an error with its id and a protobuf detail', async () => {
    const { status, body } = await call(user('GetUserByID'), { userId: 'none' });
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'not_found', message: 'Errors.User.NotFound (QUERY-Dfbg2)' });
    const [detail] = body.details as { type: string; value: string }[];
    expect(detail?.type).toBe('zitadel.v1.ErrorDetail');
    const bytes = Buffer.from(detail?.value ?? '', 'base64').toString('latin1');
    expect(bytes).toContain('QUERY-Dfbg2');
    expect(bytes).toContain('Errors.User.NotFound');
  });

  it('answers other methods, types and paths as connect-go does', async () => {
    const url = `${emulator.issuer}/${user('ListUsers')}`;
    expect((await fetch(url)).status).toBe(405);
    expect((await connect('{}', { 'content-type': 'application/proto' })).status).toBe(415);
    expect((await call(user('Nothing'))).status).toBe(404);
    expect((await connect('[]')).status).toBe(400);
  });

  it('names who may not call', async () => {
    const without = await fetch(`${emulator.issuer}/${user('ListUsers')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await without.json()).toEqual({ code: 'unauthenticated', message: 'auth header missing' });
    const basic = await (await connect('{}', { authorization: 'Basic eDp5' })).json();
    expect(basic).toMatchObject({ message: expect.stringContaining('AUTH-toLo1') });
    const bad = await (await connect('{}', { authorization: 'Bearer x' })).json();
    expect(bad).toMatchObject({ message: expect.stringContaining('AUTH-7fs1e') });
    const org = await (await connect('{}', { 'x-zitadel-orgid': 'none' })).json();
    expect(org).toMatchObject({ message: expect.stringContaining('AUTH-Bs7Ds') });
  });

  it('takes proto names, ignores unknown fields and null, and reads 64-bit numbers from text', async () => {
    const answer = await connect(
      JSON.stringify({ query: { limit: '1', offset: 0, asc: null }, sorting_column: 9, unknown: { a: 1 } }),
    );
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { result: unknown[] };
    expect(body.result).toHaveLength(1);
  });

  it('refuses a body beyond 4 MiB', async () => {
    const answer = await connect(JSON.stringify({ junk: 'x'.repeat(4 * 1024 * 1024) }));
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ code: 'resource_exhausted' });
  });
});

describe('REST', () => {
  it('serves the same handlers on the paths of the gateway', async () => {
    const { issuer, bootstrap } = emulator;
    const created = await post(
      fetch,
      `${issuer}/v2/users/new`,
      {
        organizationId: bootstrap.organizationId,
        userId: 'rest-1',
        human: {
          profile: { givenName: 'Re', familyName: 'St' },
          email: { email: 'rest@example.com', isVerified: false },
        },
      },
      harness.token,
    );
    expect(created.status).toBe(200);
    const got = await fetch(`${issuer}/v2/users/rest-1`, {
      headers: { authorization: `Bearer ${harness.token}` },
    });
    expect(await got.json()).toMatchObject({ user: { username: 'rest@example.com' } });
    const off = await post(fetch, `${issuer}/v2/users/rest-1/deactivate`, {}, harness.token);
    expect(off.status).toBe(200);
    const again = await post(fetch, `${issuer}/v2/users/rest-1/deactivate`, {}, harness.token);
    expect(again.status).toBe(400);
    expect(again.body).toEqual({
      code: 9,
      message: 'Errors.User.AlreadyInactive (COMMAND-5gunjw0cd7)',
      details: [
        {
          '@type': 'type.googleapis.com/zitadel.v1.ErrorDetail',
          id: 'COMMAND-5gunjw0cd7',
          message: 'Errors.User.AlreadyInactive',
        },
      ],
    });
    const gone = await fetch(`${issuer}/v2/users/rest-1`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${harness.token}` },
    });
    expect(gone.status).toBe(200);
  });

  it('quirk 14: project has no REST path', async () => {
    const answer = await post(fetch, `${emulator.issuer}/v2/projects`, {}, harness.token);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({ code: 5, message: 'Not Found' });
  });

  it('quirks 17 and 19: events count per aggregate and carry the password hash', async () => {
    const { issuer, bootstrap } = emulator;
    for (const userId of ['ev-1', 'ev-2']) {
      await call(user('CreateUser'), {
        organizationId: bootstrap.organizationId,
        userId,
        human: {
          profile: { givenName: 'E', familyName: 'V' },
          email: { email: `${userId}@example.com`, isVerified: true },
          password: { password: 'Correct-Horse1' },
        },
      });
    }
    const search = (body: object) => post(fetch, `${issuer}/admin/v1/events/_search`, body, harness.token);
    const answer = await search({ event_types: ['user.human.added'], asc: true, limit: 100 });
    const events = answer.body.events as {
      aggregate: { id: string };
      sequence: string;
      payload: Record<string, unknown>;
    }[];
    const mine = events.filter((event) => event.aggregate.id.startsWith('ev-'));
    expect(mine.map((event) => event.sequence)).toEqual(['1', '1']);
    expect(mine[0]?.payload).toMatchObject({ userName: 'ev-1@example.com' });
    expect(mine[0]?.payload).toHaveProperty('encodedHash');
    const one = await search({ aggregate_id: 'ev-1', asc: false });
    const types = (one.body.events as { type: { type: string } }[]).map((event) => event.type.type);
    expect(types).toEqual(['user.human.email.verified', 'user.human.added']);
  });
});
