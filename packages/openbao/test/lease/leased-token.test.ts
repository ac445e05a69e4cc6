import { Secret } from '@drawbridge/kit';
import { createLeasedToken, type LeasedTokenOptions, type LoginToken } from '@drawbridge/openbao';
import { describe, expect, it } from 'vitest';
import { type Answer, refusal, type Sent, settle, signedIn, standIn } from '../support/stand-in.ts';

/** A lease on a server that gives tokens t1, t2, …, and answers all else as told. */
function lease(others: (sent: Sent) => Answer, options: Partial<LeasedTokenOptions> = {}) {
  let logins = 0;
  const { openbao, sent, clock } = standIn((one) =>
    one.path.endsWith('/login') ? signedIn(`t${++logins}`) : others(one),
  );
  const token = createLeasedToken({
    openbao,
    clock,
    random: () => 0,
    login: (signal) => openbao.jwt().login({ jwt: new Secret('jwt') }, { signal }),
    ...options,
  });
  const paths = () => sent.map(({ path }) => path.replace('/v1/auth/', ''));
  return { openbao, sent, clock, token, paths };
}

const value = async (token: { token(): Promise<Secret> }) => (await token.token()).expose();
const noContent = () => new Response(null, { status: 204 });

describe('a leased token', () => {
  it('is one sign-in however many ask, and is renewed before its end', async () => {
    const { token, clock, paths } = lease(() => signedIn('t1'));
    expect(await Promise.all([value(token), value(token), value(token)])).toEqual(['t1', 't1', 't1']);
    clock.advance(2_400_000);
    await settle();
    clock.advance(2_400_000);
    await settle();
    expect(await value(token)).toBe('t1');
    expect(paths()).toEqual(['jwt/login', 'token/renew-self', 'token/renew-self']);
    await token.stop();
  });

  it('tells of every renewal how long the token holds now', async () => {
    const renewals: LoginToken[] = [];
    const onRenewed = (login: LoginToken) => renewals.push(login);
    const { token, clock } = lease(() => signedIn('t1', 3_000), { onRenewed });
    const first = await token.token();
    clock.advance(2_400_000);
    await settle();
    expect(renewals).toMatchObject([{ leaseSeconds: 3_000 }]);
    expect(renewals[0]?.token).toBe(first);
    await token.stop();
  });

  it('is signed in for anew when a renewal is refused, comes out too short, or is no renewal', async () => {
    for (const answer of [
      () => refusal(400, 'lease is not renewable'),
      () => signedIn('t1', 60),
      noContent,
    ]) {
      const { token, clock, paths } = lease(answer);
      await token.token();
      clock.advance(2_400_000);
      await settle();
      expect(await value(token)).toBe('t2');
      expect(paths().slice(0, 3)).toEqual(['jwt/login', 'token/renew-self', 'jwt/login']);
      await token.stop();
    }
  });

  it('waits a sealed server out as long as the token holds', async () => {
    let isSealed = true;
    const { token, clock } = lease(() => (isSealed ? refusal(503, 'Vault is sealed') : signedIn('t1')));
    await token.token();
    clock.advance(2_400_000);
    await settle();
    isSealed = false;
    clock.advance(60_000);
    await settle();
    clock.advance(60_000);
    await settle();
    expect(await value(token)).toBe('t1');
    await token.stop();
  });

  it('is replaced after a 403 only where it is dead, so that a missing policy makes no storm of sign-ins', async () => {
    let isDead = false;
    const { token, openbao, paths } = lease((one) => {
      if (one.path.endsWith('lookup-self') && !isDead) return envelopeOfToken;
      return one.headers.get('x-vault-token') === 't2' ? { keys: ['a'] } : refusal(403, 'permission denied');
    });
    const kv = openbao.as({ token }).kv();
    await expect(kv.list()).rejects.toMatchObject({ code: 'openbao_denied' });
    expect(paths().filter((path) => path === 'jwt/login')).toHaveLength(1);
    isDead = true;
    expect(await kv.list()).toEqual(['a']);
    expect(paths().filter((path) => path === 'jwt/login')).toHaveLength(2);
    await token.stop();
  });

  it('is revoked when it is stopped, and there is none afterwards', async () => {
    const { token, sent } = lease(noContent);
    await token.token();
    await token.stop();
    expect(sent.at(-1)?.path).toBe('/v1/auth/token/revoke-self');
    expect(sent.at(-1)?.headers.get('x-vault-token')).toBe('t1');
    await expect(token.token()).rejects.toMatchObject({ code: 'shutting_down' });
    const kept = lease(noContent, { revokeOnStop: false });
    await kept.token.token();
    await kept.token.stop();
    expect(kept.sent).toHaveLength(1);
  });
});

const envelopeOfToken = {
  accessor: 'a',
  policies: ['default'],
  ttl: 60,
  path: 'auth/jwt/login',
  expire_time: null,
};
