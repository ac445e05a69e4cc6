import { inspect } from 'node:util';
import { DrawbridgeError } from '@drawbridge/kit';
import { describe, expect, it } from 'vitest';
import type { DevicePrompt, SignedIn } from '../../src/index.ts';
import { drive } from '../support/fetch.ts';
import { deviceCode, oauthError, oidcIssuer, pending, tokens } from '../support/oidc-issuer.ts';

/** Runs the device flow to its end on the manual clock. */
async function run(issuer: ReturnType<typeof oidcIssuer>, signal?: AbortSignal) {
  const prompts: DevicePrompt[] = [];
  let result: SignedIn | DrawbridgeError | undefined;
  const began = issuer.clock.now();
  issuer.signIn.byDevice({ prompt: (prompt) => prompts.push(prompt), ...(signal ? { signal } : {}) }).then(
    (signedIn) => {
      result = signedIn;
    },
    (error: unknown) => {
      result = DrawbridgeError.from(error);
    },
  );
  await drive(issuer.clock, () => result !== undefined);
  return { result, prompts, waits: issuer.polls.map((at) => (at - began) / 1_000) };
}

describe('the device flow', () => {
  it('S21 polls no faster than the interval, and slow_down adds five seconds for good', async () => {
    const issuer = oidcIssuer();
    issuer.state.token = (_form, count) =>
      count === 2 ? oauthError('slow_down') : count < 4 ? pending() : tokens();
    const { result, waits } = await run(issuer);
    expect(result).toMatchObject({ subject: '7', name: 'ada' });
    expect(waits).toEqual([5, 10, 20, 30]);
  });

  it('S22 stops when the code ends', async () => {
    const issuer = oidcIssuer();
    issuer.state.device = { expires_in: 12, interval: 5 };
    const { result, waits } = await run(issuer);
    expect(result).toMatchObject({ code: 'sign_in_expired' });
    expect(waits).toEqual([5, 10]);
  });

  it.each([
    ['access_denied', 'sign_in_denied'],
    ['expired_token', 'sign_in_expired'],
    ['invalid_grant', 'sign_in_failed'],
    ['unauthorized_client', 'sign_in_not_permitted'],
  ])('S22 tells %s apart', async (answer, code) => {
    const issuer = oidcIssuer();
    issuer.state.token = () => oauthError(answer);
    expect((await run(issuer)).result).toMatchObject({ code });
    expect(issuer.polls).toHaveLength(1);
  });

  it('S23 waits twice as long after each connection that failed', async () => {
    const issuer = oidcIssuer();
    issuer.state.token = (_form, count) => {
      if (count < 3) throw new DrawbridgeError('timeout');
      return tokens();
    };
    const { result, waits } = await run(issuer);
    expect(result).toMatchObject({ subject: '7' });
    expect(waits).toEqual([5, 15, 35]);
  });

  it('S24 shows the user code apart from the address, warns, and never shows the device code', async () => {
    const issuer = oidcIssuer();
    issuer.state.token = () => oauthError('invalid_grant', `no such ${'code'}`);
    const { result, prompts } = await run(issuer);
    expect(prompts[0]).toMatchObject({
      userCode: 'BCDF-GHJK',
      verificationUri: 'https://sso.acme.example/device',
      warning: expect.stringContaining('only if you started'),
    });
    expect(inspect([result, prompts], { depth: 9 })).not.toContain(deviceCode);
    expect(prompts[0]?.verificationUri).not.toContain('BCDF');
  });

  it('S24 shows nothing of a server that could steer a terminal', async () => {
    for (const odd of [{ user_code: '\u001b[2J' }, { verification_uri: 'javascript:alert(1)' }]) {
      const issuer = oidcIssuer();
      issuer.state.device = { expires_in: 300, interval: 5, ...odd };
      const { result, prompts } = await run(issuer);
      expect(result).toMatchObject({ code: 'invalid_response' });
      expect(prompts).toEqual([]);
    }
  });

  it('S25 sends PKCE where the server supports it, and only there', async () => {
    for (const [methods, sent] of [
      [['S256'], true],
      [[], false],
    ] as const) {
      const issuer = oidcIssuer();
      issuer.state.discovery = { code_challenge_methods_supported: methods };
      let verifier: string | null = null;
      issuer.state.token = (form) => {
        verifier = form.get('code_verifier');
        return tokens();
      };
      await run(issuer);
      const begun = issuer.fetch.sent.find(({ path }) => path.endsWith('/device_authorization'));
      expect(new URLSearchParams(begun?.body).has('code_challenge')).toBe(sent);
      expect(verifier !== null).toBe(sent);
    }
  });

  it('is canceled while it waits', async () => {
    const issuer = oidcIssuer();
    const stop = new AbortController();
    issuer.state.token = () => {
      stop.abort();
      return pending();
    };
    expect((await run(issuer, stop.signal)).result).toMatchObject({ code: 'canceled' });
    expect(issuer.polls).toHaveLength(1);
  });
});
