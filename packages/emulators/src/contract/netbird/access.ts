import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AccountBody, CreatedTokenBody, TokenBody, UserBody } from '@drawbridge/netbird';
import type { NetbirdContractCase } from './target.ts';
import { withWire } from './wire.ts';

const middleware = 'management/server/http/middleware/auth_middleware.go';
const pats = 'management/server/user.go';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function checksumOf(secret: string): string {
  let text = '';
  for (let rest = crc32(secret); rest > 0; rest = Math.floor(rest / 62))
    text = alphabet.charAt(rest % 62) + text;
  return text.padStart(6, '0');
}

/** A token that is well formed and was never given out. */
function strayToken(): string {
  const secret = randomBytes(15).toString('hex');
  return `nbp_${secret}${checksumOf(secret)}`;
}

/** What holds for tokens, paths and permissions. */
export const accessCases: readonly NetbirdContractCase[] = [
  {
    name: 'a token goes as Token or as Bearer, in any case, with one space',
    source: middleware,
    run: withWire(async (wire) => {
      const { token } = wire.target;
      for (const scheme of ['Token', 'token', 'Bearer', 'BEARER'])
        await wire.ok('GET', '/api/groups', undefined, `${scheme} ${token}`);
      await wire.refused(401, 'token invalid', 'GET', '/api/groups', undefined, `Token  ${token}`);
      const none = 'no valid authentication provided';
      await wire.refused(401, none, 'GET', '/api/groups', undefined, '');
      await wire.refused(401, none, 'GET', '/api/groups', undefined, `Basic ${token}`);
    }),
  },
  {
    name: 'a token is prefix, 30 characters and the checksum of these in base 62',
    source: 'management/server/types/personal_access_token.go',
    run: withWire(async (wire) => {
      const { plain_token: token } = await wire.tokenOf((await wire.serviceUser()).id);
      assert.match(token, /^nbp_[0-9A-Za-z]{36}$/);
      assert.equal(token.slice(34), checksumOf(token.slice(4, 34)));
      const broken = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
      await wire.refused(401, 'token invalid', 'GET', '/api/groups', undefined, `Token ${broken}`);
    }),
  },
  {
    name: 'a well-formed token that is not known, or no longer, is 404, whatever was asked for',
    quirk: 1,
    source: middleware,
    run: withWire(async (wire) => {
      const stray = `Token ${strayToken()}`;
      await wire.refused(404, /^invalid token: pat: \S+ not found$/, 'GET', '/api/groups', undefined, stray);
      const user = await wire.serviceUser();
      const made = await wire.tokenOf(user.id);
      const header = `Token ${made.plain_token}`;
      await wire.ok('GET', '/api/groups', undefined, header);
      await wire.ok('DELETE', `/api/users/${user.id}/tokens/${made.personal_access_token.id}`);
      await wire.refused(404, /^invalid token: /, 'DELETE', '/api/users/nobody', undefined, header);
    }),
  },
  {
    name: 'the tokens of a blocked user are let in and refused later, in two wordings',
    quirk: 2,
    source: 'management/server/permissions/manager.go',
    run: withWire(async (wire) => {
      const user = await wire.serviceUser('admin');
      const header = `Token ${(await wire.tokenOf(user.id)).plain_token}`;
      await wire.ok('PUT', `/api/users/${user.id}`, { role: 'admin', auto_groups: [], is_blocked: true });
      await wire.refused(403, 'user is blocked', 'GET', '/api/groups', undefined, header);
      const wrapped = 'failed to validate user permissions: user is blocked';
      for (const path of ['/api/users', '/api/peers', '/api/accounts'])
        await wire.refused(403, wrapped, 'GET', path, undefined, header);
    }),
  },
  {
    name: 'a user who is removed takes the tokens along',
    source: pats,
    run: withWire(async (wire) => {
      const user = await wire.serviceUser();
      const header = `Token ${(await wire.tokenOf(user.id)).plain_token}`;
      await wire.ok('DELETE', `/api/users/${user.id}`);
      await wire.refused(404, /^invalid token: /, 'GET', '/api/groups', undefined, header);
    }),
  },
  {
    name: 'paths and methods that are not served are 404 in plain text, one user by id among them',
    quirk: 3,
    source: 'management/server/http/handlers/users/users_handler.go',
    run: withWire(async (wire) => {
      const { id } = await wire.self();
      for (const [method, path] of [
        ['GET', '/api/nothing'],
        ['GET', `/api/users/${id}`],
        ['PATCH', '/api/groups'],
      ] as const) {
        const answer = await wire.send(method, path);
        assert.deepEqual([answer.status, answer.text], [404, '404 page not found\n'], path);
        assert.match(answer.type, /^text\/plain/);
      }
    }),
  },
  {
    name: 'a service user may read everything, whatever its role, and change nothing without one',
    quirk: 4,
    source: 'management/server/permissions/manager.go',
    run: withWire(async (wire) => {
      const user = await wire.serviceUser('user');
      const header = `Token ${(await wire.tokenOf(user.id)).plain_token}`;
      assert.ok((await wire.ok<readonly UserBody[]>('GET', '/api/users', undefined, header)).length > 1);
      for (const path of ['/api/groups', '/api/peers', '/api/accounts'])
        await wire.ok('GET', path, undefined, header);
      const denied = 'permission denied';
      await wire.refused(403, denied, 'POST', '/api/groups', { name: 'x' }, header);
      const settings = { role: 'admin', auto_groups: [] };
      await wire.refused(403, denied, 'PUT', `/api/users/${user.id}`, settings, header);
      await wire.refused(403, denied, 'GET', '/api/users/current', undefined, header);
    }),
  },
  {
    name: 'a list of no tokens is null; a token lives 1 to 365 days and is shown once',
    quirk: 5,
    source: 'management/server/http/handlers/users/pat_handler.go',
    run: withWire(async (wire) => {
      const { id } = await wire.serviceUser();
      const path = `/api/users/${id}/tokens`;
      assert.equal(await wire.ok('GET', path), null);
      for (const days of [0, 366]) {
        const body = { name: 'x', expires_in: days };
        await wire.refused(422, 'expiration has to be between 1 and 365', 'POST', path, body);
      }
      await wire.refused(422, "token name can't be empty", 'POST', path, { expires_in: 1 });
      const made = await wire.ok<CreatedTokenBody>('POST', path, { name: 'x', expires_in: 365 });
      const [listed] = await wire.ok<readonly TokenBody[]>('GET', path);
      assert.equal(listed?.id, made.personal_access_token.id);
      assert.equal(listed?.last_used, undefined);
      assert.ok(!JSON.stringify(listed).includes(made.plain_token));
      const life = Date.parse(listed?.expiration_date ?? '') - Date.parse(listed?.created_at ?? '');
      assert.equal(Math.round(life / 86_400_000), 365);
      await wire.refused(404, 'pat: nope not found', 'GET', `${path}/Nope`);
      await wire.refused(404, 'pat: nope not found', 'DELETE', `${path}/Nope`);
      await wire.refused(404, 'user: nobody not found', 'GET', '/api/users/Nobody/tokens');
    }),
  },
  {
    name: 'the list of accounts is one, and its settings are replaced as a whole',
    source: 'management/server/http/handlers/accounts/accounts_handler.go',
    run: withWire(async (wire) => {
      const accounts = await wire.ok<readonly AccountBody[]>('GET', '/api/accounts');
      assert.equal(accounts.length, 1);
      const body = { settings: { jwt_groups_enabled: true } };
      const tooShort = "peer login expiration can't be smaller than one hour";
      await wire.refused(422, tooShort, 'PUT', `/api/accounts/${accounts[0]?.id}`, body);
      const elsewhere = /user is not part of this account$/;
      await wire.refused(500, elsewhere, 'PUT', '/api/accounts/nope', { settings: accounts[0]?.settings });
    }),
  },
];
