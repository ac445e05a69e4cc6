import assert from 'node:assert/strict';
import { subjectOf, type UserBody } from '@drawbridge/netbird';
import type { NetbirdContractCase } from './target.ts';
import { newPerson, unique, withWire } from './wire.ts';

const manager = 'management/server/user.go';
const person = { role: 'user', auto_groups: [], is_service_user: false };

/** What holds for people who are made by the API, which depends on how NetBird reaches its identity provider. */
export const invitationCases: readonly NetbirdContractCase[] = [
  {
    name: 'without an identity provider manager nobody is invited',
    source: manager,
    needs: ['noIdpManager'],
    run: withWire(async (wire) => {
      const none = 'idp manager must be enabled to send user invites';
      await wire.refused(412, none, 'POST', '/api/users', { ...person, name: '', email: '' });
      await wire.refused(412, none, 'POST', '/api/users/nobody/invite');
    }),
  },
  {
    name: 'with a manager, a person whom the identity provider has is 409 although NetBird has no such user',
    quirk: 10,
    source: manager,
    needs: ['idpManager'],
    run: withWire(async (wire) => {
      const email = `${unique('known')}@example.com`;
      await wire.target.idpManager?.add({ id: newPerson().sub, email, name: 'Known Person' });
      const existing = "can't invite a user with an existing netbird account";
      const body = { ...person, name: 'Known Person', email };
      await wire.refused(409, existing, 'POST', '/api/users', body);
      // Addresses are compared by the letter.
      const shouted = { ...body, email: email.toUpperCase() };
      const user = await wire.ok<UserBody>('POST', '/api/users', shouted);
      wire.undo(() => wire.send('DELETE', `/api/users/${user.id}`));
    }),
  },
  {
    name: 'with a manager, an invited person is invited in the reply alone, and cannot be invited again',
    quirk: 11,
    source: 'management/server/idp/zitadel.go',
    needs: ['idpManager'],
    run: withWire(async (wire) => {
      const body = { ...person, name: 'New Person', email: `${unique('new')}@example.com` };
      const user = await wire.ok<UserBody>('POST', '/api/users', body);
      wire.undo(() => wire.send('DELETE', `/api/users/${user.id}`));
      assert.equal(user.status, 'invited');
      assert.equal((await wire.user(user.id))?.status, 'active');
      const activated = "can't invite a user with an activated netbird account";
      await wire.refused(412, activated, 'POST', `/api/users/${user.id}/invite`);
      await wire.refused(404, 'user: nobody not found', 'POST', '/api/users/Nobody/invite');
    }),
  },
  {
    name: 'with a manager, users whom it does not see are shown as not blocked, whatever they are',
    quirk: 12,
    source: manager,
    needs: ['idpManager'],
    run: withWire(async (wire) => {
      const body = { ...person, name: 'Seen Person', email: `${unique('seen')}@example.com` };
      const seen = await wire.ok<UserBody>('POST', '/api/users', body);
      wire.undo(() => wire.send('DELETE', `/api/users/${seen.id}`));
      const hidden = await wire.serviceUser('auditor');
      const header = `Token ${(await wire.tokenOf(hidden.id)).plain_token}`;
      const block = { role: 'auditor', auto_groups: [], is_blocked: true };
      const reply = await wire.ok<UserBody>('PUT', `/api/users/${hidden.id}`, block);
      const listed = await wire.user(hidden.id);
      for (const shown of [reply, listed]) {
        assert.deepEqual([shown?.is_blocked, shown?.status, shown?.issued], [false, 'active', '']);
        assert.equal(shown?.role, 'auditor');
      }
      await wire.refused(403, 'user is blocked', 'GET', '/api/groups', undefined, header);
      const told = await wire.ok<UserBody>('PUT', `/api/users/${seen.id}`, { ...block, role: 'user' });
      assert.deepEqual([told.is_blocked, told.issued], [true, 'api']);
    }),
  },
  {
    name: 'behind the embedded identity provider a person is made with a password, once for an address in any case',
    quirk: 13,
    source: 'management/server/idp/embedded.go',
    needs: ['dex'],
    run: withWire(async (wire) => {
      const body = { ...person, name: 'Local Person', email: `${unique('local')}@example.com` };
      for (const [field, text] of [
        ['name', "name can't be empty"],
        ['email', "email can't be empty"],
      ] as const)
        await wire.refused(422, text, 'POST', '/api/users', { ...body, [field]: '' });
      const owner = "can't invite a user with owner role";
      await wire.refused(422, owner, 'POST', '/api/users', { ...body, role: 'owner' });
      const user = await wire.ok<UserBody>('POST', '/api/users', body);
      wire.undo(() => wire.send('DELETE', `/api/users/${user.id}`));
      assert.ok((user.password?.length ?? 0) >= 8);
      assert.equal(subjectOf(user.id).connectorId, 'local');
      const listed = await wire.user(user.id);
      assert.deepEqual([listed?.idp_id, listed?.password], ['local', undefined]);
      const existing = "can't invite a user with an existing netbird account";
      const shouted = { ...body, email: body.email.toUpperCase() };
      await wire.refused(409, existing, 'POST', '/api/users', shouted);
      const missing = `user account ${user.id.toLowerCase()} doesn't exist`;
      await wire.refused(404, missing, 'POST', `/api/users/${user.id}/invite`);
    }),
  },
];
