import { describe, expect, it } from 'vitest';
import { ownerMetadata } from '../../src/index.ts';
import { connectError } from '../support/fetch.ts';
import { self, userAnswer, zitadelWith } from '../support/zitadel.ts';

const service = 'zitadel.user.v2.UserService';
const unknown = connectError('not_found', 'QUERY-Dfbg2', 404);

describe('S53 absence', () => {
  const reads = (id: string, own: Parameters<typeof zitadelWith>[0][`${typeof service}/GetUserByID`]) => ({
    [`${service}/GetUserByID`]: (
      request: Record<string, unknown>,
      sent: Parameters<NonNullable<typeof own>>[1],
    ) => (request.userId === id ? unknown : (own?.(request, sent) ?? { json: userAnswer(self) })),
  });

  it('is proved by a read of the own user and an organization', async () => {
    const { zitadel, calls } = zitadelWith(reads('7', undefined));
    expect(await zitadel.users.find('7')).toBeUndefined();
    expect(calls()).toEqual(['GetUserByID', 'GetUserByID', 'ListOrganizations']);
  });

  it.each([
    ['its own user', reads('7', () => unknown)],
    ['its own membership', reads('7', () => connectError('not_found', 'AUTHZ-cdgFk', 404))],
    ['another user in its place', reads('7', () => ({ json: userAnswer('8') }))],
    [
      'no organization',
      {
        ...reads('7', undefined),
        'zitadel.org.v2.OrganizationService/ListOrganizations': () => ({ json: {} }),
      },
    ],
  ])('is not proved by a Zitadel that does not see %s', async (_, handlers) => {
    const { zitadel } = zitadelWith(handlers);
    await expect(zitadel.users.find('7')).rejects.toMatchObject({ code: 'absence_unproved' });
  });

  it('is never a lost membership, an unknown host or a missing path', async () => {
    for (const [answer, code] of [
      [connectError('not_found', 'AUTHZ-cdgFk', 404), 'membership_missing'],
      [connectError('not_found', 'QUERY-1kIjX', 404), 'instance_not_found'],
      [new Response('404 page not found', { status: 404 }), 'zitadel_unimplemented'],
      [{ status: 404, json: { code: 5, message: 'Not Found' } }, 'zitadel_not_found'],
    ] as const) {
      const { zitadel } = zitadelWith({ [`${service}/GetUserByID`]: () => answer });
      await expect(zitadel.users.find('7')).rejects.toMatchObject({ code });
    }
  });

  it('lets a removal count as done', async () => {
    const gone = zitadelWith({
      [`${service}/DeleteUser`]: () => connectError('not_found', 'COMMAND-bd4ir1mblj', 404),
    });
    expect(await gone.zitadel.users.remove('7')).toEqual({ changed: false });
    expect(gone.calls()).toEqual(['DeleteUser', 'GetUserByID', 'ListOrganizations']);
    const blind = zitadelWith({
      [`${service}/DeleteUser`]: () => connectError('not_found', 'COMMAND-bd4ir1mblj', 404),
      [`${service}/GetUserByID`]: () => unknown,
    });
    await expect(blind.zitadel.users.remove('7')).rejects.toMatchObject({ code: 'absence_unproved' });
    const there = zitadelWith({ [`${service}/DeleteUser`]: () => ({ json: {} }) });
    expect(await there.zitadel.users.remove('7')).toEqual({ changed: true });
  });
});

describe('creating a user', () => {
  const mark = ownerMetadata({ owner: 'drawbridge', tenant: 'acme', ref: '7' });
  const user = {
    organizationId: '3',
    userId: '7',
    human: {
      profile: { givenName: 'Ada', familyName: 'L' },
      email: { email: 'ada@acme.example', returnCode: {} },
    },
    metadata: mark,
  } as const;
  const taken = connectError('failed_precondition', 'COMMAND-7yiox1isql', 400);
  const listed = (values: Record<string, string>) => ({
    json: {
      pagination: { totalResult: '3' },
      metadata: Object.entries(values).map(([key, value]) => ({
        key,
        value: Buffer.from(value).toString('base64'),
      })),
    },
  });

  it('sends owner metadata as bytes and returns the code as a secret', async () => {
    const { zitadel, fetch } = zitadelWith({
      [`${service}/CreateUser`]: () => ({ json: { id: '7', emailCode: 'ABC123' } }),
    });
    const made = await zitadel.users.create(user);
    expect(made).toMatchObject({ id: '7', created: true });
    expect(made.emailCode?.expose()).toBe('ABC123');
    expect(JSON.parse(fetch.sent.at(-1)?.body ?? '').human.metadata).toContainEqual({
      key: 'drawbridge.tenant',
      value: Buffer.from('acme').toString('base64'),
    });
  });

  it('marks a machine in a second call, because Zitadel before 4.13 drops its metadata silently', async () => {
    const { zitadel, calls } = zitadelWith({
      [`${service}/CreateUser`]: () => ({ json: { id: '7' } }),
      [`${service}/SetUserMetadata`]: () => ({ json: {} }),
    });
    await zitadel.users.create({
      organizationId: '3',
      userId: '7',
      machine: { name: 'robot' },
      metadata: mark,
    });
    expect(calls()).toEqual(['CreateUser', 'SetUserMetadata']);
  });

  it('recognises its own user after an answer that was lost', async () => {
    let tries = 0;
    const { zitadel, calls } = zitadelWith({
      [`${service}/CreateUser`]: () => (++tries === 1 ? { status: 503 } : taken),
      [`${service}/GetUserByID`]: () => ({ json: userAnswer('7') }),
      [`${service}/ListUserMetadata`]: () => listed(mark),
    });
    expect(await zitadel.users.create(user)).toEqual({ id: '7', created: false });
    expect(calls()).toEqual(['CreateUser', 'CreateUser', 'GetUserByID', 'ListUserMetadata']);
  });

  it.each([
    ['of another owner', '3', { ...mark, 'drawbridge.ref': '8' }],
    ['of nobody', '3', {}],
    ['in another organization', '4', mark],
  ])('refuses a user with that id %s', async (_, organization, values) => {
    const { zitadel } = zitadelWith({
      [`${service}/CreateUser`]: () => taken,
      [`${service}/GetUserByID`]: () => ({ json: userAnswer('7', 'USER_STATE_ACTIVE', organization) }),
      [`${service}/ListUserMetadata`]: () => listed(values),
    });
    await expect(zitadel.users.create(user)).rejects.toMatchObject({
      code: 'zitadel_already_exists',
      id: 'COMMAND-7yiox1isql',
    });
  });

  it('is not repeated without owner metadata', async () => {
    const { zitadel, calls } = zitadelWith({ [`${service}/CreateUser`]: () => ({ status: 503 }) });
    const { metadata: _, ...unmarked } = user;
    await expect(zitadel.users.create(unmarked)).rejects.toMatchObject({ code: 'unreachable' });
    expect(calls()).toEqual(['CreateUser']);
  });
});

describe('asking for a state', () => {
  it.each([
    ['deactivate', 'DeactivateUser', 'COMMAND-5gunjw0cd7', 'USER_STATE_INACTIVE', true],
    ['deactivate', 'DeactivateUser', 'COMMAND-gvx4kct9r2', 'USER_STATE_INITIAL', false],
    ['reactivate', 'ReactivateUser', 'COMMAND-s5qqcz97hf', 'USER_STATE_ACTIVE', true],
    ['reactivate', 'ReactivateUser', 'COMMAND-s5qqcz97hf', 'USER_STATE_LOCKED', false],
    ['lock', 'LockUser', 'COMMAND-lgws8wtsqf', 'USER_STATE_LOCKED', true],
    ['lock', 'LockUser', 'COMMAND-lgws8wtsqf', 'USER_STATE_INACTIVE', false],
    ['unlock', 'UnlockUser', 'COMMAND-olb9vb0oca', 'USER_STATE_ACTIVE', true],
  ] as const)('%s refused by %s %s for a user in %s', async (verb, method, id, state, already) => {
    const { zitadel } = zitadelWith({
      [`${service}/${method}`]: () => connectError('failed_precondition', id, 400),
      [`${service}/GetUserByID`]: () => ({ json: userAnswer('7', state) }),
    });
    const asked = zitadel.users[verb]('7');
    if (already) expect(await asked).toEqual({ changed: false });
    else await expect(asked).rejects.toMatchObject({ code: 'zitadel_precondition', id });
  });

  it('that is new, changes it', async () => {
    const { zitadel } = zitadelWith({ [`${service}/DeactivateUser`]: () => ({ json: { details: {} } }) });
    expect(await zitadel.users.deactivate('7')).toEqual({ changed: true });
  });
});

describe('lists of users', () => {
  it('are always ascending by creation, with a limit', async () => {
    const { zitadel, fetch } = zitadelWith({
      [`${service}/ListUsers`]: () => ({
        json: {
          details: { totalResult: '1' },
          result: [{ userId: '7', state: 'USER_STATE_ACTIVE', details: { resourceOwner: '3' } }],
        },
      }),
    });
    const users = await zitadel.users.list({ organizationId: '3' }).all();
    expect(users.map((user) => user.userId)).toEqual(['7']);
    expect(JSON.parse(fetch.sent.at(-1)?.body ?? '')).toEqual({
      query: { offset: '0', limit: 1_000, asc: true },
      sortingColumn: 'USER_FIELD_NAME_CREATION_DATE',
      queries: [{ organizationIdQuery: { organizationId: '3' } }],
    });
  });

  it('refuse an answer that lacks what we depend on', async () => {
    const { zitadel } = zitadelWith({
      [`${service}/ListUsers`]: () => ({ json: { result: [{ userId: '7' }] } }),
    });
    await expect(zitadel.users.list().all()).rejects.toMatchObject({ code: 'invalid_response' });
  });
});

describe('keys and codes', () => {
  it('come as secrets', async () => {
    const { zitadel } = zitadelWith({
      [`${service}/AddKey`]: () => ({
        json: { keyId: 'k', keyContent: Buffer.from('{"type":1}').toString('base64') },
      }),
      [`${service}/AddSecret`]: () => ({ json: { clientSecret: 's' } }),
      [`${service}/AddPersonalAccessToken`]: () => ({ json: { tokenId: 'i', token: 'pat' } }),
      [`${service}/CreateInviteCode`]: () => ({ json: { inviteCode: 'c' } }),
      [`${service}/RemoveKey`]: () => connectError('not_found', 'COMMAND-4m77G', 404),
    });
    const { users } = zitadel;
    const key = await users.addKey('7', { expiresAt: new Date(0) });
    const token = await users.addPersonalAccessToken('7', new Date(0));
    const secrets = [
      key.keyFile,
      await users.addSecret('7'),
      token.token,
      await users.createInviteCode('7', { deliver: 'return' }),
    ];
    expect(secrets.map((secret) => secret?.expose())).toEqual(['{"type":1}', 's', 'pat', 'c']);
    expect(await users.removeKey('7', 'k')).toEqual({ changed: false });
  });

  it('are mailed once: a failed send is not repeated', async () => {
    const { zitadel, calls } = zitadelWith({ [`${service}/SendEmailCode`]: () => ({ status: 503 }) });
    await expect(zitadel.users.sendEmailCode('7', { deliver: 'mail' })).rejects.toMatchObject({
      code: 'unreachable',
    });
    expect(calls()).toEqual(['SendEmailCode']);
  });
});
