import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { project } from './fixtures.ts';
import { nativeApp, signIn, tokens } from './people.ts';
import { type Received, receive } from './receiver.ts';
import type { ContractCase, ContractTarget } from './target.ts';
import { asOwner, eventually } from './wire.ts';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** The logout token in a call, once its signature is shown to be the instance's. */
async function logoutClaims(target: ContractTarget, { raw }: Received) {
  const [head = '', body = '', signature = ''] =
    new URLSearchParams(raw).get('logout_token')?.split('.') ?? [];
  const read = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  const { kid, typ } = read(head);
  assert.equal(typ, 'JWT');
  const answer = await target.fetch(`${target.issuer}/oauth/v2/keys`);
  const { keys } = (await answer.json()) as { keys: readonly (JsonWebKey & { readonly kid: string })[] };
  const jwk = keys.find((key) => key.kid === kid);
  assert.ok(jwk, 'the key is the instance’s');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${head}.${body}`);
  assert.ok(verify('sha256', signed, key, Buffer.from(signature, 'base64url')));
  return read(body);
}

/** What holds for applications that want to know when a session ends. */
export const logoutCases: readonly ContractCase[] = [
  {
    name: 'the end of a session is told to each application for each set of tokens it got in it, and is no ordinary token',
    needs: 'loopback',
    run: (target) =>
      asOwner(target, async (wire) => {
        const receiver = await receive();
        try {
          const person = await signIn(wire);
          const projectId = await project(wire, person.organizationId);
          const backChannelLogoutUri = receiver.url;
          const clientId = await nativeApp(wire, projectId, 'told', { backChannelLogoutUri });
          const silent = await nativeApp(wire, projectId, 'silent');
          await tokens(person, clientId);
          await tokens(person, clientId);
          await tokens(person, silent);
          const { sessionId } = person.session;
          await wire.call('session', 'DeleteSession', { sessionId });
          await eventually(async () => assert.equal(receiver.received.length, 2));
          const told = await Promise.all(receiver.received.map((call) => logoutClaims(target, call)));
          for (const claims of told) {
            const { iss, sub, aud, sid, nonce, events } = claims;
            assert.deepEqual(
              { iss, sub, aud, sid, nonce, events },
              {
                iss: target.issuer,
                sub: person.userId,
                aud: [clientId],
                sid: sessionId,
                nonce: undefined,
                events: { [logoutEvent]: {} },
              },
            );
            // Fifteen minutes, and the second that its issue is dated back.
            assert.ok(Math.abs(Number(claims.exp) - Number(claims.iat) - 901) <= 1);
          }
          assert.notEqual(told[0]?.jti, told[1]?.jti);
        } finally {
          await receiver.close();
        }
      }),
  },
  {
    name: 'whoever is deactivated loses their sessions, and no application is told',
    needs: 'loopback',
    run: (target) =>
      asOwner(target, async (wire) => {
        const receiver = await receive();
        try {
          const person = await signIn(wire);
          const projectId = await project(wire, person.organizationId);
          const backChannelLogoutUri = receiver.url;
          const clientId = await nativeApp(wire, projectId, 'told', { backChannelLogoutUri });
          await tokens(person, clientId);
          await wire.call('user', 'DeactivateUser', { userId: person.userId });
          // Another session's end is told: by then the first one's would have been.
          const other = await signIn(wire);
          await tokens(other, clientId);
          const { sessionId } = other.session;
          await wire.call('session', 'DeleteSession', { sessionId });
          await eventually(async () => assert.notEqual(receiver.received.length, 0));
          const told = await Promise.all(receiver.received.map((call) => logoutClaims(target, call)));
          assert.deepEqual(
            told.map(({ sid }) => sid),
            [sessionId],
          );
        } finally {
          await receiver.close();
        }
      }),
  },
];
