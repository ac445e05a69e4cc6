import { createHttpServer, createMetrics, DrawbridgeError, type ErrorCode } from '@drawbridge/kit';
import type { TokenVerifier } from '@drawbridge/zitadel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addTokenReviewRoute, createTokenReviewer, parseAudienceMap } from '../../src/index.ts';
import { accepting, claimsOf } from '../support/claims.ts';
import { post, review } from '../support/post.ts';

const token = 'eyJzZWNyZXQ.eyJzZWNyZXQ.c2VjcmV0';

async function serve(verifier: TokenVerifier, timeoutMs = 5_000) {
  const metrics = await createMetrics({ process: false });
  const server = await createHttpServer({ name: 'authn-webhook', port: 0, metrics });
  const reviewer = createTokenReviewer({ verifier, audiences: parseAudienceMap(['322011']), metrics });
  await addTokenReviewRoute(server, { reviewer, timeoutMs });
  await server.start();
  onTestFinished(() => server.stop());
  return { url: server.url, metrics };
}

const denying: TokenVerifier = { verify: async () => ({ active: false, reason: 'inactive' }) };

function failing(code: ErrorCode): TokenVerifier {
  const upstream = new Error('upstream says: internal host db-1');
  return {
    verify: async () => {
      throw new DrawbridgeError(code, { saw: upstream.message, retryAfterSeconds: 7, cause: upstream });
    },
  };
}

describe('the webhook on the wire', () => {
  it('S40 echoes version and kind, and never the token', async () => {
    for (const verifier of [accepting(claimsOf()), denying, failing('unreachable')]) {
      const { url } = await serve(verifier);
      const answer = await post(url, review(token));
      expect(answer.text).not.toContain('c2VjcmV0');
      if (answer.status === 200)
        expect(answer.body).toMatchObject({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview' });
    }
  });

  it('S41, F2 a refusal is authenticated: false and nothing else, so that it can be remembered', async () => {
    const { url, metrics } = await serve(denying);
    const answer = await post(url, review(token));
    expect([answer.status, answer.body.status]).toEqual([200, { authenticated: false }]);
    expect(await metrics.text()).toContain(
      'drawbridge_token_reviews_total{outcome="denied",reason="inactive"} 1',
    );
  });

  it.each(['unreachable', 'timeout', 'rate_limited', 'credentials_refused', 'internal'] as const)(
    'S41, F3 an outage (%s) is 503 without Retry-After and without what Zitadel wrote',
    async (code) => {
      const { url } = await serve(failing(code));
      const answer = await post(url, review(token));
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, null]);
      expect(answer.body).toMatchObject({ kind: 'Status', reason: 'ServiceUnavailable', code: 503 });
      expect(answer.text).not.toContain('db-1');
    },
  );

  it('S40 v1beta1 is refused with what to set, on its own path too', async () => {
    const { url } = await serve(accepting(claimsOf()));
    const older = { ...review(token), apiVersion: 'authentication.k8s.io/v1beta1' };
    for (const path of ['v1', 'v1beta1']) {
      const answer = await post(url, older, { path: `/apis/authentication.k8s.io/${path}/tokenreviews` });
      expect([answer.status, answer.body.kind]).toEqual([400, 'Status']);
      expect(answer.body.message).toContain('--authentication-token-webhook-version=v1');
      expect(answer.text).not.toContain('c2VjcmV0');
    }
  });

  it.each([
    ['no object', '[]'],
    ['another kind', { ...review(token), kind: 'Pod' }],
    ['another version', { ...review(token), apiVersion: 'v1' }],
    ['no spec', { ...review(token), spec: undefined }],
    ['a token that is no text', { ...review(token), spec: { token: 5 } }],
    ['audiences that are no list', { ...review(token), spec: { token, audiences: 'a' } }],
    ['audiences that are no texts', { ...review(token), spec: { token, audiences: [1] } }],
    ['half a body', '{"kind":'],
  ])('%s is 400', async (_what, body) => {
    const { url } = await serve(accepting(claimsOf()));
    const answer = await post(url, body);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('c2VjcmV0');
  });

  it('other content types are 415, larger bodies 413, other methods 405', async () => {
    const { url } = await serve(accepting(claimsOf()));
    for (const contentType of ['text/plain', 'application/vnd.kubernetes.protobuf'])
      expect((await post(url, review(token), { contentType })).status).toBe(415);
    expect((await post(url, review('x'.repeat(1_100_000)))).status).toBe(413);
    const got = await fetch(`${url}/apis/authentication.k8s.io/v1/tokenreviews`);
    expect(got.status).toBe(405);
    await got.body?.cancel();
  });

  it('takes no longer than the caller waits, and that is an outage', async () => {
    const never: TokenVerifier = {
      verify: (_token, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    };
    const { url } = await serve(never);
    const path = '/apis/authentication.k8s.io/v1/tokenreviews?timeout=20ms';
    expect((await post(url, review(token), { path })).status).toBe(503);
  });
});
