import { createHttpClient, type Fetch, ManualClock } from '@drawbridge/kit';
import { createRelay, type RelayOptions } from '@drawbridge/stack';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../kit/test/support/until.ts';

const issuer = 'https://sso.acme.example/auth';
const inside = 'https://issuer.identity.svc:8443';
// Spaces and order as an issuer may have them: served as they came.
const keys = '{ "keys": [ {"use":"sig", "kty":"RSA","kid":"1"} ] }\n';

/** An issuer that answers as it is told. */
function openIssuer() {
  const state = {
    document: { issuer, jwks_uri: `${issuer}/oauth/v2/keys`, scopes_supported: ['openid'] } as object,
    status: 200,
    asked: [] as string[],
  };
  const fetch: Fetch = async (input) => {
    const url = String(input);
    state.asked.push(url);
    if (state.status !== 200) return new Response('', { status: state.status });
    return url.endsWith('/keys')
      ? new Response(keys, { headers: { 'cache-control': 'max-age=300, must-revalidate' } })
      : Response.json(state.document);
  };
  return { state, fetch };
}

async function open(options: Partial<RelayOptions> = {}) {
  const { state, fetch } = openIssuer();
  const clock = new ManualClock();
  const relay = await createRelay({ issuer, url: inside, http: { fetch }, port: 0, clock, ...options });
  onTestFinished(() => relay.stop());
  await relay.start();
  const http = createHttpClient();
  onTestFinished(() => http.close());
  const at = relay.listensAt;
  const ready = () => until(async () => (await http.fetch(`${at}/readyz`)).status === 200);
  const asleep = () => until(() => clock.sleeping === 1);
  return { state, clock, relay, fetch: http.fetch, at, ready, asleep };
}

describe('the relay', () => {
  it('serves the document with its issuer as it is and the keys at its own URL, and the keys as they came', async () => {
    const { relay, fetch, at, ready, state } = await open();
    await ready();
    expect([relay.discoveryUrl, relay.keysUrl]).toEqual([
      `${inside}/auth/.well-known/openid-configuration`,
      `${inside}/auth/oauth/v2/keys`,
    ]);
    const document = await fetch(`${at}/auth/.well-known/openid-configuration`);
    expect(await document.json()).toEqual({ ...state.document, jwks_uri: relay.keysUrl });
    const served = await fetch(`${at}/auth/oauth/v2/keys`);
    expect(served.headers.get('content-type')).toBe('application/json');
    expect(await served.text()).toBe(keys);
    expect(state.asked).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/oauth/v2/keys`]);
  });

  it('tells how old its copy is, and answers 304 to who has it already', async () => {
    const { fetch, at, ready, clock, asleep } = await open();
    await ready();
    await asleep();
    clock.advance(7_900);
    const url = `${at}/auth/oauth/v2/keys`;
    const { headers } = await fetch(url);
    const etag = headers.get('etag') ?? '';
    expect([headers.get('age'), headers.get('cache-control')]).toEqual([
      '7',
      'public, max-age=60, must-revalidate',
    ]);
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await fetch(url, { headers: { 'if-none-match': given } });
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
    }
    expect((await fetch(url, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), head.headers.get('content-length')]).toEqual([
      200,
      etag,
      String(keys.length),
    ]);
  });

  it('passes nothing else on', async () => {
    const { fetch, at, ready, state } = await open();
    await ready();
    const asked = state.asked.length;
    for (const path of ['/', '/auth', '/oauth/v2/keys', '/auth/oauth/v2/token', '/auth/oauth/v2/keys/'])
      expect((await fetch(at + path)).status, path).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const answer = await fetch(`${at}/auth/oauth/v2/keys`, { method });
      expect([answer.status, answer.headers.get('allow')], method).toEqual([405, 'GET, HEAD']);
    }
    expect(state.asked).toHaveLength(asked);
  });

  it.each([
    ['another issuer', { issuer: `${issuer}/`, jwks_uri: `${issuer}/keys` }, 200],
    ['no document', {}, 200],
    ['an outage', undefined, 503],
    ['an instance that Zitadel does not know', undefined, 404],
  ])('S3 is not ready and serves nothing for %s', async (_case, document, status) => {
    const source = openIssuer();
    source.state.status = status;
    if (document) source.state.document = document;
    const { fetch, at } = await open({ http: { fetch: source.fetch } });
    await until(() => source.state.asked.length > 0);
    expect((await fetch(`${at}/readyz`)).status).toBe(503);
    expect((await fetch(`${at}/livez`)).status).toBe(200);
    expect((await fetch(`${at}/auth/.well-known/openid-configuration`)).status).toBe(503);
  });

  it('goes on with its copy while the issuer answers wrongly, and ends when that is too old', async () => {
    const { fetch, at, ready, state, clock, asleep } = await open({ staleMs: 60_000 });
    await ready();
    state.status = 500;
    await asleep();
    clock.advance(119_000);
    await asleep();
    const answer = await fetch(`${at}/auth/oauth/v2/keys`);
    expect([answer.status, answer.headers.get('age')]).toEqual([200, '119']);
    clock.advance(2_000);
    expect((await fetch(`${at}/auth/oauth/v2/keys`)).status).toBe(503);
    expect((await fetch(`${at}/readyz`)).status).toBe(503);
    state.status = 200;
    clock.advance(60_000);
    await ready();
    expect((await fetch(`${at}/auth/oauth/v2/keys`)).headers.get('age')).toBe('0');
  });

  it.each([
    [{ url: 'https://relay/oidc' }, 'invalid_settings'],
    [{ url: 'http://relay' }, 'insecure_url'],
    [{ issuer: 'http://sso.acme.example' }, 'insecure_url'],
    [{ issuer: 'https://sso.acme.example?a' }, 'invalid_settings'],
  ])('does not start with %j', async (options, code) => {
    await expect(
      createRelay({ issuer, url: inside, http: openIssuer(), port: 0, ...options }),
    ).rejects.toMatchObject({ code });
  });
});
