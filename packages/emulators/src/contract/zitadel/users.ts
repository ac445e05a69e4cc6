import assert from 'node:assert/strict';
import { human, humanFields, organization } from './fixtures.ts';
import type { ContractCase } from './target.ts';
import { asOwner, eventually, unique } from './wire.ts';

/** What holds for users. */
export const userCases: readonly ContractCase[] = [
  {
    name: 'a live user id is failed_precondition, a taken username already_exists whatever its case',
    quirk: 5,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const username = unique('Kim');
        const userId = unique('id');
        const request = {
          organizationId,
          userId,
          username,
          human: humanFields('kim@example.com', { isVerified: true }),
        };
        await wire.call('user', 'CreateUser', request);
        await wire.refused('failed_precondition', 'COMMAND-7yiox1isql', 'user', 'CreateUser', request);
        await wire.refused('already_exists', 'V3-DKcYh', 'user', 'CreateUser', {
          ...request,
          userId: unique('id'),
          username: username.toUpperCase(),
        });
        // A machine over a human is accepted and breaks a real server's projections for a moment: not tried here.
        const robot = { organizationId, userId: unique('id'), machine: { name: 'M' } };
        await wire.call('user', 'CreateUser', robot);
        await wire.refused('failed_precondition', 'COMMAND-k2una', 'user', 'CreateUser', robot);
      }),
  },
  {
    name: 'the id of a removed user can be created again, but stays in its first organization (zitadel#11020)',
    run: (target) =>
      asOwner(target, async (wire) => {
        const [first, second] = [await organization(wire), await organization(wire)];
        const userId = await human(wire, first);
        await wire.call('user', 'DeleteUser', { userId });
        await human(wire, second, { userId });
        const { details } = await wire.call('user', 'GetUserByID', { userId });
        assert.equal(details?.resourceOwner, first);
      }),
  },
  {
    name: 'an unknown organization is failed_precondition',
    quirk: 9,
    run: (target) =>
      asOwner(target, async (wire) => {
        await wire.refused('failed_precondition', 'COMMAND-QXPGs', 'user', 'CreateUser', {
          organizationId: unique('none'),
          human: humanFields('nobody@example.com'),
        });
      }),
  },
  {
    name: 'deleting an unknown user, twice or once, is not_found',
    quirk: 6,
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        await wire.call('user', 'DeleteUser', { userId });
        await wire.refused('not_found', 'COMMAND-bd4ir1mblj', 'user', 'DeleteUser', { userId });
        await wire.refused('not_found', 'QUERY-Dfbg2', 'user', 'GetUserByID', { userId });
      }),
  },
  {
    name: 'a repeated change of state is failed_precondition',
    quirk: 7,
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        const precondition = 'failed_precondition';
        await wire.refused(precondition, 'COMMAND-s5qqcz97hf', 'user', 'ReactivateUser', { userId });
        await wire.refused(precondition, 'COMMAND-olb9vb0oca', 'user', 'UnlockUser', { userId });
        await wire.call('user', 'LockUser', { userId });
        await wire.refused(precondition, 'COMMAND-lgws8wtsqf', 'user', 'LockUser', { userId });
        // A locked user may be deactivated.
        await wire.call('user', 'DeactivateUser', { userId });
        await wire.refused(precondition, 'COMMAND-5gunjw0cd7', 'user', 'DeactivateUser', { userId });
        const { user } = await wire.call('user', 'GetUserByID', { userId });
        assert.equal(user?.state, 'USER_STATE_INACTIVE');
        await wire.call('user', 'ReactivateUser', { userId });
        await wire.refused('not_found', 'COMMAND-5gp2p62iin', 'user', 'DeactivateUser', {
          userId: unique('none'),
        });
      }),
  },
  {
    name: 'updating a user to what it is succeeds',
    quirk: 8,
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        const before = await wire.call('user', 'GetUserByID', { userId });
        const answer = await wire.call('user', 'UpdateUser', {
          userId,
          human: { profile: { givenName: 'Con' } },
        });
        assert.ok(answer.changeDate);
        const after = await wire.call('user', 'GetUserByID', { userId });
        assert.deepEqual(after.user?.details, before.user?.details);
        await wire.refused('not_found', 'COMMAND-ugjs0upun6', 'user', 'UpdateUser', {
          userId: unique('none'),
          human: {},
        });
        await wire.refused('not_found', 'COMMAND-ugjs0upun6', 'user', 'UpdateUser', { userId, machine: {} });
        await wire.refused('unimplemented', undefined, 'user', 'UpdateUser', { userId });
      }),
  },
  {
    name: 'isVerified false makes no code, saying nothing makes one, returnCode returns it',
    quirk: 12,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const create = (verification: object) =>
          wire.call('user', 'CreateUser', {
            organizationId,
            username: unique('code'),
            human: humanFields('code@example.com', verification),
          });
        const silent = await create({ isVerified: false });
        assert.equal(silent.emailCode, undefined);
        const resend = { userId: silent.id };
        await wire.refused('failed_precondition', 'EMAIL-5w5ilin4yt', 'user', 'ResendEmailCode', resend);
        const returned = await create({ returnCode: {} });
        assert.match(returned.emailCode ?? '', /^[A-Z0-9]{6}$/);
        await wire.refused('invalid_argument', 'COMMAND-eis9R', 'user', 'VerifyEmail', {
          userId: returned.id,
          verificationCode: 'WRONG1',
        });
        await wire.call('user', 'VerifyEmail', {
          userId: returned.id,
          verificationCode: returned.emailCode,
        });
        const { user } = await wire.call('user', 'GetUserByID', { userId: returned.id });
        assert.equal(user?.human?.email?.isVerified, true);
      }),
  },
  {
    name: 'the details of a user name its organization, and protojson leaves out defaults',
    quirk: 18,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const userId = await human(wire, organizationId, {
          human: humanFields('plain@example.com', { isVerified: false }),
        });
        const { user } = await wire.call('user', 'GetUserByID', { userId });
        assert.equal(user?.details?.resourceOwner, organizationId);
        assert.equal(typeof user?.details?.sequence, 'string');
        assert.equal(user?.human?.email?.isVerified, undefined);
        assert.equal(user?.human?.passwordChangeRequired, undefined);
      }),
  },
  {
    name: 'user lists are unbounded and descending unless asked otherwise',
    quirk: 11,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const prefix = unique('u');
        const ids = ['a', 'b', 'c'].map((letter) => `${prefix}-${letter}`);
        for (const userId of ids) await human(wire, organizationId, { userId });
        const queries = [{ organizationIdQuery: { organizationId } }];
        await eventually(async () => {
          const { result } = await wire.call('user', 'ListUsers', { queries });
          assert.deepEqual(
            (result ?? []).map((user) => String(user.userId)),
            ids.toReversed(),
          );
        });
        const page = await wire.call('user', 'ListUsers', {
          queries,
          query: { limit: 2, offset: '1', asc: true },
          sortingColumn: 'USER_FIELD_NAME_CREATION_DATE',
        });
        assert.deepEqual(
          (page.result ?? []).map((user) => String(user.userId)),
          ids.slice(1),
        );
        assert.equal(page.details?.totalResult, '3');
        const beyond = await wire.call('user', 'ListUsers', { queries, query: { offset: '10', limit: 5 } });
        assert.equal(beyond.details?.totalResult, undefined);
        assert.equal(beyond.result, undefined);
      }),
  },
  {
    name: 'user metadata: empty list failed_precondition, same value succeeds, empty value removes',
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        const set = (value: string) =>
          wire.call('user', 'SetUserMetadata', { userId, metadata: [{ key: 'k', value }] });
        await wire.refused('failed_precondition', 'META-9mm2d', 'user', 'SetUserMetadata', { userId });
        await set('dg==');
        await set('dg==');
        const { metadata } = await wire.call('user', 'ListUserMetadata', { userId });
        assert.equal(metadata?.[0]?.value, 'dg==');
        await set('');
        const gone = await wire.call('user', 'ListUserMetadata', { userId });
        assert.equal(gone.metadata, undefined);
        await wire.refused('failed_precondition', 'COMMAND-uXHNj', 'user', 'SetUserMetadata', {
          userId: unique('none'),
          metadata: [{ key: 'k', value: 'dg==' }],
        });
      }),
  },
  {
    name: 'a field of the wrong shape is invalid_argument without a detail',
    run: (target) =>
      asOwner(target, async (wire) => {
        const error = await wire.refused('invalid_argument', undefined, 'user', 'GetUserByID', {
          userId: 'x'.repeat(201),
        });
        assert.equal(error.hasDetail, false);
      }),
  },
];
