import { DrawbridgeError, Secret } from '@drawbridge/kit';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { createVerifier, type RevocationFeed } from '../../src/index.ts';
import { drive } from '../support/fetch.ts';
import { applicationKey, audience, issuer, makeIssuer } from '../support/issuer.ts';

const no = (reason: string) => ({ active: false, reason });

describe('introspection', () => {
  it('S14 signs in with the application key, by POST', async () => {
    const { verifier, fetch } = makeIssuer();
    await verifier.verify('opaque-token');
    const [sent] = fetch.sent;
    const form = new URLSearchParams(sent?.body);
    expect(sent).toMatchObject({ method: 'POST', url: `${issuer}/oauth/v2/introspect` });
    expect(form.get('token')).toBe('opaque-token');
    expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect(decodeJwt(form.get('client_assertion') ?? '')).toMatchObject({
      iss: audience,
      sub: audience,
      aud: issuer,
    });
  });

  it('S30 never uses the service account: no bearer token goes along', async () => {
    const { verifier, fetch, sign } = makeIssuer();
    await verifier.verify(await sign());
    await verifier.verify('opaque-token');
    expect(fetch.sent.map(({ path }) => path)).toEqual([
      '/oauth/v2/keys',
      '/oauth/v2/introspect',
      '/oauth/v2/introspect',
    ]);
    for (const { headers } of fetch.sent) expect(headers.get('authorization')).toBeNull();
  });

  it('S14 takes a secret where there is no key, and no plain http', async () => {
    const { verifier, fetch } = makeIssuer({
      client: { type: 'basic', clientId: audience, clientSecret: new Secret('s') },
    });
    await verifier.verify('opaque-token');
    expect(fetch.sent[0]?.headers.get('authorization')).toBe(`Basic ${btoa(`${audience}:s`)}`);
    expect(() =>
      createVerifier({
        issuer: 'http://sso.acme.example',
        audience,
        client: applicationKey(),
        http: { fetch },
      }),
    ).toThrow(expect.objectContaining({ code: 'insecure_url' }));
  });

  it('gives typed claims', async () => {
    const { verifier, state, activeAnswer, clock } = makeIssuer();
    state.introspect = () => ({
      json: activeAnswer({
        email: 'ada@acme.example',
        email_verified: true,
        amr: ['pwd', 'mfa'],
        'urn:zitadel:iam:org:project:roles': { admin: { '3': 'acme.example' } },
        'urn:zitadel:iam:user:resourceowner:id': '3',
      }),
    });
    const answer = await verifier.verify(new Secret('opaque-token'));
    expect(answer).toMatchObject({
      active: true,
      subject: '7',
      claims: {
        issuer,
        audience: [audience, '5'],
        session: 'V2_11',
        username: 'ada',
        email: 'ada@acme.example',
        emailVerified: true,
        organizationId: '3',
        scopes: ['openid', 'profile'],
        methods: ['pwd', 'mfa'],
        roles: { admin: { '3': 'acme.example' } },
        expiresAt: clock.now() + 43_200_000,
      },
    });
  });

  it('S15 S19 an acceptance serves for the TTL or until the token ends, whichever comes first', async () => {
    const { verifier, clock, introspections, state, activeAnswer, seconds } = makeIssuer();
    await verifier.verify('long');
    clock.advance(29_999);
    await verifier.verify('long');
    expect(introspections()).toBe(1);
    state.introspect = () => ({ json: { active: false } });
    clock.advance(1);
    expect(await verifier.verify('long')).toEqual(no('inactive'));
    state.introspect = () => ({ json: activeAnswer({ exp: seconds() + 10 }) });
    await verifier.verify('short');
    clock.advance(10_000);
    await verifier.verify('short');
    expect(introspections()).toBe(4);
  });

  it('S15 the TTL counts from when it was asked', async () => {
    const { verifier, clock, introspections, state, activeAnswer } = makeIssuer();
    state.introspect = () => {
      const json = activeAnswer();
      clock.advance(5_000);
      return { json };
    };
    await verifier.verify('slow');
    clock.advance(25_000);
    await verifier.verify('slow');
    expect(introspections()).toBe(2);
  });

  it('S16 a no is kept for 5 s at most', async () => {
    const { verifier, clock, introspections, state, activeAnswer } = makeIssuer();
    state.introspect = () => ({ json: { active: false } });
    await verifier.verify('new');
    clock.advance(4_999);
    expect(await verifier.verify('new')).toEqual(no('inactive'));
    expect(introspections()).toBe(1);
    state.introspect = () => ({ json: activeAnswer() });
    clock.advance(1);
    expect((await verifier.verify('new')).active).toBe(true);
  });

  it.each(['true', 1, {}, [], null, undefined])('S17 `active: %j` is a no', async (active) => {
    const { verifier, state, activeAnswer } = makeIssuer();
    state.introspect = () => ({ json: activeAnswer({ active }) });
    expect(await verifier.verify('token')).toEqual(no('inactive'));
  });

  it.each([
    [{ iss: 'https://other.example' }, 'issuer'],
    [{ aud: ['other'] }, 'audience'],
    [{ aud: undefined }, 'audience'],
    [{ sub: undefined }, 'inactive'],
    [{ exp: 1 }, 'expired'],
  ])('a yes with %j is a no', async (changes, reason) => {
    const { verifier, state, activeAnswer } = makeIssuer();
    state.introspect = () => ({ json: activeAnswer(changes) });
    expect(await verifier.verify('token')).toEqual(no(reason));
  });

  it('a yes about another user than the JWT names is a no', async () => {
    const { verifier, state, sign, activeAnswer } = makeIssuer();
    state.introspect = () => ({ json: activeAnswer({ sub: '8' }) });
    expect(await verifier.verify(await sign())).toEqual(no('inactive'));
  });

  it('S16 S18 an outage throws and is not remembered', async () => {
    for (const broken of [
      () => ({ status: 503 }),
      () => new Response('not json', { status: 200 }),
      () => {
        throw new DrawbridgeError('timeout');
      },
    ]) {
      const { verifier, state, activeAnswer, clock } = makeIssuer();
      state.introspect = broken;
      let code: unknown;
      verifier.verify('token').catch((error: unknown) => {
        code = DrawbridgeError.from(error).code;
      });
      await drive(clock, () => code !== undefined, 1_000);
      expect(['unreachable', 'invalid_response', 'timeout']).toContain(code);
      state.introspect = () => ({ json: activeAnswer() });
      expect((await verifier.verify('token')).active).toBe(true);
    }
  });

  it('S18 a refused application is our fault and no answer about the token', async () => {
    const { verifier, state } = makeIssuer();
    state.introspect = () => ({ status: 400, json: { error: 'unauthorized_client' } });
    await expect(verifier.verify('token')).rejects.toMatchObject({ code: 'credentials_refused' });
  });

  it('S15 different audiences do not share an answer', async () => {
    const one = makeIssuer();
    const both = createVerifier({
      issuer,
      audience: ['x', audience],
      client: applicationKey(),
      http: one,
      clock: one.clock,
    });
    await one.verifier.verify('token');
    await both.verify('token');
    expect(one.introspections()).toBe(2);
  });
});

describe('S20 many callers', () => {
  it('ask once a token', async () => {
    const { verifier, introspections } = makeIssuer();
    const answers = await Promise.all(Array.from({ length: 500 }, () => verifier.verify('same')));
    expect(answers.every((answer) => answer.active)).toBe(true);
    expect(introspections()).toBe(1);
  });

  it('are refused with an outage once too many wait, ask at once, or one source asks too much', async () => {
    const gate = Promise.withResolvers<void>();
    const make = (options: Parameters<typeof makeIssuer>[0]) => {
      const made = makeIssuer(options);
      made.state.introspect = async () => {
        await gate.promise;
        return { json: made.activeAnswer() };
      };
      return made;
    };
    const joiners = make({ joiners: 2 });
    const waiting = [joiners.verifier.verify('t'), joiners.verifier.verify('t')];
    await expect(joiners.verifier.verify('t')).rejects.toMatchObject({ code: 'rate_limited' });
    const concurrent = make({ concurrency: 1 });
    waiting.push(concurrent.verifier.verify('a'));
    await expect(concurrent.verifier.verify('b')).rejects.toMatchObject({ code: 'rate_limited' });
    gate.resolve();
    await Promise.all(waiting);

    const source = makeIssuer({ missesPerSource: { perSecond: 1, burst: 2 } });
    const from = (token: string, name: string) => source.verifier.verify(token, { source: name });
    await from('a', 'x');
    await from('b', 'x');
    await expect(from('c', 'x')).rejects.toMatchObject({ code: 'rate_limited' });
    expect((await from('a', 'x')).active).toBe(true); // what is known costs nothing
    expect((await from('c', 'y')).active).toBe(true); // others are not hurt
    source.clock.advance(1_000);
    expect((await from('d', 'x')).active).toBe(true);
  });

  it('with a proved JWT are let in beside any amount of garbage of the same source', async () => {
    const gate = Promise.withResolvers<void>();
    const made = makeIssuer({ concurrency: 4, missesPerSource: { perSecond: 1, burst: 3 } });
    made.state.introspect = async () => {
      await gate.promise;
      return { json: made.activeAnswer() };
    };
    const ask = (token: string) => made.verifier.verify(token, { source: 'apiserver' });
    const garbage = ['x', 'y', 'z'].map(ask);
    await expect(ask('w')).rejects.toMatchObject({ code: 'rate_limited' });
    const real = ask(await made.sign());
    gate.resolve();
    expect((await real).active).toBe(true);
    await Promise.all(garbage);
  });

  it("one's abort does not end the others' wait", async () => {
    const { verifier, state, activeAnswer } = makeIssuer();
    const gate = Promise.withResolvers<void>();
    state.introspect = async () => {
      await gate.promise;
      return { json: activeAnswer() };
    };
    const abort = new AbortController();
    const impatient = verifier.verify('t', { signal: abort.signal });
    const patient = verifier.verify('t');
    abort.abort(new Error('gone'));
    await expect(impatient).rejects.toThrow('gone');
    gate.resolve();
    expect((await patient).active).toBe(true);
  });
});

describe('audiences', () => {
  it('S42 carry the names they have on our side, and only ours', async () => {
    const { verifier, sign } = makeIssuer({
      audience: { [audience]: 'https://kubernetes.default.svc', '500': 'other' },
    });
    const answer = await verifier.verify(await sign());
    expect(answer).toMatchObject({ active: true, audiences: ['https://kubernetes.default.svc'] });
  });
});

describe('a revocation feed', () => {
  function feed() {
    const state = { age: 0, denied: false, asked: [] as unknown[] };
    const revocations: RevocationFeed = {
      ageMs: () => state.age,
      denied: (token) => {
        state.asked.push(token);
        return state.denied;
      },
    };
    return { state, revocations };
  }

  it('that is fresh lets a JWT pass without a question', async () => {
    const { state, revocations } = feed();
    const { verifier, sign, introspections, clock } = makeIssuer({ revocations });
    const token = await sign();
    expect((await verifier.verify(token)).active).toBe(true);
    expect(introspections()).toBe(0);
    expect(state.asked[0]).toEqual({ subject: '7', session: 'V2_11', issuedAt: clock.now() });
    state.denied = true;
    expect(await verifier.verify(token)).toEqual(no('revoked'));
  });

  it('that is older than the TTL does not', async () => {
    const { state, revocations } = feed();
    state.age = 30_001;
    const { verifier, sign, introspections } = makeIssuer({ revocations });
    expect((await verifier.verify(await sign())).active).toBe(true);
    expect(introspections()).toBe(1);
  });

  it('that doubts a token has it asked about, and no other', async () => {
    const { revocations } = feed();
    const since = { doubt: 0 };
    const doubting = {
      ...revocations,
      doubtful: ({ issuedAt }: { issuedAt: number }) => issuedAt <= since.doubt,
    };
    const { verifier, sign, introspections, clock, seconds } = makeIssuer({ revocations: doubting });
    since.doubt = clock.now() - 60_000;
    expect((await verifier.verify(await sign())).active).toBe(true);
    expect(introspections()).toBe(0);
    expect((await verifier.verify(await sign({ iat: seconds() - 120, nbf: seconds() - 120 }))).active).toBe(
      true,
    );
    expect(introspections()).toBe(1);
  });

  it('denies at once what was accepted before, opaque tokens too', async () => {
    const { state, revocations } = feed();
    const { verifier } = makeIssuer({ revocations });
    expect((await verifier.verify('opaque')).active).toBe(true);
    state.denied = true;
    expect(await verifier.verify('opaque')).toEqual(no('revoked'));
  });

  it('a proved JWT still ends', async () => {
    const { revocations } = feed();
    const { verifier, sign, clock, seconds } = makeIssuer({ revocations });
    const token = await sign({ exp: seconds() + 10 });
    expect((await verifier.verify(token)).active).toBe(true);
    clock.advance(70_000);
    expect(await verifier.verify(token)).toEqual(no('expired'));
  });
});
