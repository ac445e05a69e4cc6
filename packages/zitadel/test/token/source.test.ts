import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, ManualClock } from '@drawbridge/kit';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import {
  clientCredentials,
  createTokenSource,
  personalAccessToken,
  serviceAccountFile,
  type TokenSource,
  type TokenSourceOptions,
} from '../../src/index.ts';
import { drive, fakeFetch, settle, tokenAnswer } from '../support/fetch.ts';
import { keyFile, rsaPair, serviceAccount } from '../support/keys.ts';

const issuer = 'https://sso.acme.example:8443';
const sources: TokenSource[] = [];
afterEach(() => {
  for (const source of sources.splice(0)) source.close();
});

function make(options: Partial<TokenSourceOptions> & Pick<TokenSourceOptions, 'fetch'>) {
  const clock = options.clock instanceof ManualClock ? options.clock : new ManualClock();
  const source = createTokenSource({
    issuer,
    credentials: serviceAccount(),
    random: () => 0,
    ...options,
    clock,
  });
  sources.push(source);
  return { source, clock };
}

describe('metrics of tokens', () => {
  it('count how they were got, and say how long the key has left before it is used', async () => {
    const metrics = await createMetrics();
    const clock = new ManualClock();
    const day = 86_400_000;
    const ending = { ...serviceAccount(), expiresAt: clock.now() + 10 * day };
    let answers = 0;
    const fetch = fakeFetch(() =>
      answers++ === 0 ? tokenAnswer('t1') : new Response('{}', { status: 400 }),
    );
    const { source } = make({ fetch, metrics, clock, credentials: ending });
    const token = await source.get();
    source.invalidate(token);
    clock.advance(4 * day);
    await expect(source.get()).rejects.toMatchObject({ code: 'credentials_refused' });
    const text = await metrics.text();
    expect(text).toContain(`drawbridge_key_left_days{instance="${issuer}"} 6`);
    expect(text).toContain(`drawbridge_token_refreshes_total{instance="${issuer}",outcome="ok"} 1`);
    expect(text).toContain(
      `drawbridge_token_refreshes_total{instance="${issuer}",outcome="credentials_refused"} 1`,
    );
  });
});

describe('the assertion', () => {
  it('S10 S11 S12 lives five minutes, is backdated, names the issuer, and is new each time', async () => {
    const fetch = fakeFetch((_, count) => tokenAnswer(`t${count}`));
    const { source, clock } = make({ fetch });
    const first = await source.get();
    source.invalidate(first);
    await source.get();
    const forms = fetch.sent.map((sent) => new URLSearchParams(sent.body));
    const assertions = forms.map((form) => form.get('assertion') ?? '');
    const now = clock.now() / 1_000;
    expect(forms[0]?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(forms[0]?.get('scope')).toBe('openid urn:zitadel:iam:org:project:id:zitadel:aud');
    expect(decodeProtectedHeader(assertions[0] ?? '')).toMatchObject({
      alg: 'RS256',
      kid: '310000000000000001',
    });
    const claims = decodeJwt(assertions[0] ?? '');
    expect(claims).toMatchObject({
      iss: '300000000000000001',
      sub: '300000000000000001',
      aud: issuer,
      iat: now - 30,
      exp: now + 270,
    });
    await jwtVerify(assertions[0] ?? '', rsaPair().publicKey, { currentDate: new Date(clock.now()) });
    expect(decodeJwt(assertions[1] ?? '').jti).not.toBe(claims.jti);
    expect(fetch.sent[0]?.url).toBe(`${issuer}/oauth/v2/token`);
  });

  it("S30 asks for the audience of Zitadel's own API alone, and for another only by a source of its own", async () => {
    const fetch = fakeFetch((_, count) => tokenAnswer(`t${count}`));
    const scope = 'openid urn:zitadel:iam:org:project:id:5:aud';
    const api = make({ fetch });
    const other = make({ fetch, scope });
    const [one, two] = [await api.source.get(), await other.source.get()];
    expect(one.expose()).not.toBe(two.expose());
    expect(fetch.sent.map(({ body }) => new URLSearchParams(body).get('scope'))).toEqual([
      'openid urn:zitadel:iam:org:project:id:zitadel:aud',
      scope,
    ]);
  });

  it('client credentials go as Basic, form-encoded', async () => {
    const fetch = fakeFetch(() => tokenAnswer('t'));
    const { source } = make({ fetch, credentials: clientCredentials('robot@acme', 's: %') });
    await source.get();
    const value = fetch.sent[0]?.headers.get('authorization') ?? '';
    expect(Buffer.from(value.replace('Basic ', ''), 'base64').toString()).toBe('robot%40acme:s%3A+%25');
  });

  it('a personal access token is sent as it is', async () => {
    const fetch = fakeFetch(() => tokenAnswer('t'));
    const { source } = make({ fetch, credentials: personalAccessToken('pat-1') });
    expect((await source.get()).expose()).toBe('pat-1');
    expect(fetch.sent).toEqual([]);
  });
});

describe('the token source', () => {
  it('asks once for 1,000 callers', async () => {
    const fetch = fakeFetch((_, count) => tokenAnswer(`t${count}`));
    const { source } = make({ fetch });
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => source.get()));
    expect(new Set(tokens.map((token) => token.expose()))).toEqual(new Set(['t1']));
    expect(fetch.sent).toHaveLength(1);
  });

  it("a caller's abort ends its own wait, not the refresh", async () => {
    const gate = Promise.withResolvers<void>();
    const fetch = fakeFetch(async () => {
      await gate.promise;
      return tokenAnswer('t');
    });
    const { source } = make({ fetch });
    const abort = new AbortController();
    const impatient = source.get({ signal: abort.signal });
    const patient = source.get();
    abort.abort(new Error('no longer'));
    await expect(impatient).rejects.toThrow('no longer');
    gate.resolve();
    expect((await patient).expose()).toBe('t');
    expect(fetch.sent).toHaveLength(1);
  });

  it('renews in the background before the end, and keeps the old token while that fails', async () => {
    let broken = false;
    const fetch = fakeFetch((_, count) => (broken ? { status: 503 } : tokenAnswer(`t${count}`, 1_000)));
    const { source, clock } = make({ fetch });
    await source.get();
    clock.advance(850_000);
    broken = true;
    expect((await source.get()).expose()).toBe('t1');
    await drive(clock, () => fetch.sent.length === 5, 1); // the first, and four tries
    await settle();
    expect((await source.get()).expose()).toBe('t1');
    expect(fetch.sent).toHaveLength(5); // not again at once
    broken = false;
    clock.advance(5_000);
    expect((await source.get()).expose()).toBe('t1');
    await drive(clock, () => fetch.sent.length === 6, 1);
    await settle();
    expect((await source.get()).expose()).toBe('t6');
  });

  it('an invalidated token is replaced once, however many saw it refused', async () => {
    const fetch = fakeFetch((_, count) => tokenAnswer(`t${count}`));
    const { source } = make({ fetch });
    const old = await source.get();
    source.invalidate(old);
    const next = await source.get();
    source.invalidate(old);
    expect(await source.get()).toBe(next);
    expect(fetch.sent).toHaveLength(2);
  });

  it('the endpoint is asked at most 3 times a second after a burst of 5', async () => {
    const fetch = fakeFetch((_, count) => tokenAnswer(`t${count}`));
    const { source, clock } = make({ fetch });
    const work = (async () => {
      for (let round = 0; round < 8; round++) source.invalidate(await source.get());
    })();
    const began = clock.now();
    await drive(clock, () => fetch.sent.length === 8);
    await work;
    expect(clock.now() - began).toBeGreaterThanOrEqual(950);
  });
});

describe('a refused credential', () => {
  async function refusal(answer: Parameters<typeof fakeFetch>[0]) {
    const fetch = fakeFetch(answer);
    const { source, clock } = make({ fetch });
    const failed = source.get().then(
      () => undefined,
      (error: unknown) => error as Error & Record<string, unknown>,
    );
    let ended = false;
    void failed.then(() => {
      ended = true;
    });
    await drive(clock, () => ended, 1);
    return { error: await failed, fetch };
  }

  it('is the 500 of 4.13 once the tries are used up', async () => {
    const { error, fetch } = await refusal(() => ({
      status: 500,
      json: { error: 'server_error', error_description: 'Errors.Internal' },
    }));
    expect(error).toMatchObject({ code: 'credentials_refused', status: 500 });
    expect(fetch.sent.length).toBe(4);
  });

  it('may be a fresh key that Zitadel does not know yet', async () => {
    const fetch = fakeFetch((_, count) =>
      count < 3 ? { status: 400, json: { error: 'invalid_grant' } } : tokenAnswer('t'),
    );
    const { source, clock } = make({ fetch });
    const token = source.get();
    await drive(clock, () => fetch.sent.length === 3, 1);
    expect((await token).expose()).toBe('t');
  });

  it('tells that the clock is five minutes off', async () => {
    const date = new Date(new ManualClock().now() + 300_000).toUTCString();
    const { error } = await refusal(() => ({
      status: 400,
      json: { error: 'invalid_grant', error_description: 'invalid assertion' },
      headers: { date },
    }));
    expect(error).toMatchObject({
      code: 'credentials_refused',
      why: 'This machine is 300 s behind Zitadel.',
    });
  });

  it('is not what a proxy in front answers', async () => {
    const { error } = await refusal(() => new Response('<h1>oops</h1>', { status: 500 }));
    expect(error).toMatchObject({ code: 'zitadel_failed' });
  });

  it('an expired key is not even sent', async () => {
    const fetch = fakeFetch(() => tokenAnswer('t'));
    const { source } = make({
      fetch,
      credentials: serviceAccount({ expirationDate: '2025-06-01T00:00:00Z' }),
    });
    await expect(source.get()).rejects.toMatchObject({ code: 'key_expired' });
    expect(fetch.sent).toEqual([]);
  });

  it('S12 S13 S32 no token, assertion or key is in an error', async () => {
    for (const body of [
      '{"access_token":"tok-secret-1"',
      '{"access_token":"tok-secret-1","token_type":"mac"}',
      '"tok-secret-1"',
    ]) {
      const { error, fetch } = await refusal(() => new Response(body, { status: 200 }));
      const assertion = new URLSearchParams(fetch.sent[0]?.body).get('assertion') ?? '';
      const told = JSON.stringify([error, error?.message, error?.stack, error?.saw, String(error?.cause)]);
      expect(error).toMatchObject({ code: 'invalid_response' });
      expect(told).not.toContain('tok-secret-1');
      expect(told).not.toContain(assertion);
    }
  });
});

describe('a watched key file', () => {
  it('is replaced only by a key that brought a token', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drawbridge-'));
    try {
      const path = join(folder, 'key.json');
      await writeFile(path, keyFile({ keyId: 'old' }), { mode: 0o600 });
      const fetch = fakeFetch(({ body }, count) => {
        const kid = decodeProtectedHeader(new URLSearchParams(body).get('assertion') ?? '').kid;
        return kid === 'bad'
          ? { status: 400, json: { error: 'invalid_grant' } }
          : tokenAnswer(`${kid}-${count}`);
      });
      const { source, clock } = make({ fetch, credentials: serviceAccountFile(path) });
      expect((await source.get()).expose()).toBe('old-1');
      const replace = async (text: string) => {
        await writeFile(`${path}.new`, text, { mode: 0o600 });
        await rename(`${path}.new`, path);
      };
      await replace(keyFile({ keyId: 'bad' }));
      await drive(clock, () => fetch.sent.length >= 5, 10_000);
      expect((await source.get()).expose()).toBe('old-1');

      await replace('{"half a file"');
      await drive(clock, () => clock.now() > Date.UTC(2026, 0, 1, 0, 30), 10_000);
      expect((await source.get()).expose()).toBe('old-1');
      await replace(keyFile({ keyId: 'new' }));
      const before = fetch.sent.length;
      await drive(clock, () => fetch.sent.length > before && clock.sleeping > 0, 10_000);
      expect((await source.get()).expose()).toMatch(/^new-/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
