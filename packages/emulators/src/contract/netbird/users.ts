import assert from 'node:assert/strict';
import type { UserBody } from '@drawbridge/netbird';
import type { NetbirdContractCase } from './target.ts';
import { unique, withWire } from './wire.ts';

const handler = 'management/server/http/handlers/users/users_handler.go';
const manager = 'management/server/user.go';

/** What holds for users that are made and changed by the API. */
export const userCases: readonly NetbirdContractCase[] = [
  {
    name: 'a service user needs nothing but a role, takes groups that are not there, and shares its name',
    quirk: 6,
    source: manager,
    run: withWire(async (wire) => {
      const name = unique('twin');
      const body = {
        role: 'AUDITOR',
        auto_groups: ['nope'],
        is_service_user: true,
        name,
        email: 'x@example.com',
      };
      const made: UserBody[] = [];
      for (let count = 0; count < 2; count++) {
        const user = await wire.ok<UserBody>('POST', '/api/users', body);
        wire.undo(() => wire.send('DELETE', `/api/users/${user.id}`));
        made.push(user);
      }
      const [user] = made;
      assert.equal(user?.role, 'auditor');
      assert.deepEqual(user?.auto_groups, ['nope']);
      assert.deepEqual([user?.email, user?.status, user?.last_login], ['', 'active', '0001-01-01T00:00:00Z']);
      assert.match(user?.id ?? '', /^[0-9a-f-]{36}$/);
      assert.notEqual(user?.id, made[1]?.id);
    }),
  },
  {
    name: 'refusals of values are 422, of JSON 400, and texts are in lower case with names and ids in them',
    quirk: 7,
    source: 'shared/management/http/util/util.go',
    run: withWire(async (wire) => {
      const service = { auto_groups: [], is_service_user: true, name: 'x' };
      await wire.refused(422, 'unknown user role king', 'POST', '/api/users', { ...service, role: 'King' });
      const owner = "can't create a service user with owner role";
      await wire.refused(422, owner, 'POST', '/api/users', { ...service, role: 'owner' });
      for (const body of ['', '{', '[]', '{"role":5}'])
        await wire.refused(400, "couldn't parse JSON request", 'POST', '/api/users', body);
      await wire.refused(404, 'user: nobody not found', 'DELETE', '/api/users/Nobody');
    }),
  },
  {
    name: 'the list knows service users from people, and no other filter',
    source: handler,
    run: withWire(async (wire) => {
      const { id } = await wire.serviceUser();
      const ids = async (query: string) =>
        (await wire.ok<readonly UserBody[]>('GET', `/api/users?service_user=${query}`)).map(
          (user) => user.id,
        );
      assert.ok((await ids('true')).includes(id));
      assert.ok(!(await ids('false')).includes(id));
      const invalid = 'invalid service_user query parameter';
      await wire.refused(422, invalid, 'GET', '/api/users?service_user=maybe');
    }),
  },
  {
    name: 'a change replaces everything: leaving out is_blocked unblocks, leaving out groups or role is refused',
    quirk: 8,
    source: handler,
    run: withWire(async (wire) => {
      const group = await wire.group();
      const { id } = await wire.serviceUser('user', [group.id]);
      const path = `/api/users/${id}`;
      const put = (body: object) => wire.ok<UserBody>('PUT', path, body);
      const blocked = await put({ role: 'auditor', auto_groups: [group.id], is_blocked: true });
      assert.deepEqual([blocked.is_blocked, blocked.status, blocked.role], [true, 'blocked', 'auditor']);
      const after = await put({ role: 'USER', auto_groups: [] });
      assert.deepEqual([after.is_blocked, after.status, after.role], [false, 'active', 'user']);
      assert.deepEqual(after.auto_groups, []);
      const absent = "auto_groups field can't be absent";
      await wire.refused(400, absent, 'PUT', path, { role: 'user' });
      await wire.refused(400, absent, 'PUT', path, { role: 'user', auto_groups: null });
      await wire.refused(422, 'invalid user role', 'PUT', path, { auto_groups: [] });
    }),
    needs: ['noIdpManager'],
  },
  {
    name: 'a change is refused for groups that are not there and for the group All, with the user named in front',
    quirk: 9,
    source: manager,
    run: withWire(async (wire) => {
      const { id } = await wire.serviceUser();
      const put = (status: number, text: string, auto_groups: readonly string[]) =>
        wire.refused(status, `failed to process update for user ${id}: ${text}`, 'PUT', `/api/users/${id}`, {
          role: 'user',
          auto_groups,
        });
      await put(422, `provided group id nope in the user ${id} update doesn't exist`, ['nope']);
      await put(422, "can't add all group to the user", [(await wire.all()).id]);
    }),
  },
  {
    name: 'an unknown user is looked up before anything else is checked',
    source: handler,
    run: withWire(async (wire) => {
      const { id } = await wire.serviceUser('user');
      const header = `Token ${(await wire.tokenOf(id)).plain_token}`;
      await wire.refused(404, 'user: nobody not found', 'PUT', '/api/users/Nobody', '{', header);
    }),
  },
  {
    name: 'nobody removes or blocks itself, or changes its own role',
    source: manager,
    run: withWire(async (wire) => {
      const { id } = await wire.serviceUser('admin');
      const header = `Token ${(await wire.tokenOf(id)).plain_token}`;
      const path = `/api/users/${id}`;
      const put = (reason: string, body: object) =>
        wire.refused(403, `failed to process update for user ${id}: ${reason}`, 'PUT', path, body, header);
      await put("admins can't block or unblock themselves", {
        role: 'admin',
        auto_groups: [],
        is_blocked: true,
      });
      await put("admins can't change their role", { role: 'user', auto_groups: [] });
      await put("admins can't change their role", { role: 'owner', auto_groups: [] });
      await wire.refused(422, 'self deletion is not allowed', 'DELETE', path, undefined, header);
    }),
  },
  {
    name: 'an admin cannot remove, block or replace the owner, nor make one',
    source: manager,
    run: withWire(async (wire) => {
      const admin = await wire.serviceUser('admin');
      const other = await wire.serviceUser('user');
      const header = `Token ${(await wire.tokenOf(admin.id)).plain_token}`;
      const users = await wire.ok<readonly UserBody[]>('GET', '/api/users');
      const owner = users.find(({ role }) => role === 'owner');
      assert.ok(owner, 'an account has an owner');
      const put = (id: string, reason: string, body: object) =>
        wire.refused(
          403,
          `failed to process update for user ${id.toLowerCase()}: ${reason}`,
          'PUT',
          `/api/users/${id}`,
          body,
          header,
        );
      await put(owner.id, 'only owners can remove owner role from their user', {
        role: 'user',
        auto_groups: [],
      });
      await put(owner.id, 'unable to block owner user', { role: 'owner', auto_groups: [], is_blocked: true });
      await put(other.id, 'only owners can add owner role to other users', {
        role: 'owner',
        auto_groups: [],
      });
      const removal = "can't delete a user with the owner role";
      await wire.refused(403, removal, 'DELETE', `/api/users/${owner.id}`, undefined, header);
    }),
  },
];
