import { tokenReviewPath } from '../../src/index.ts';

/** A review as kube-apiserver sends it. */
export function review(token: string, audiences: readonly string[] = ['https://kubernetes.default.svc']) {
  return {
    kind: 'TokenReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: { token, audiences },
    status: { user: {} },
  };
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Posts a body as kube-apiserver does. */
export async function post(
  url: string,
  body: unknown,
  { path = `${tokenReviewPath}?timeout=30s`, contentType = 'application/json' } = {},
): Promise<Answered> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': contentType, accept: 'application/json, */*' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: JSON.parse(text) as Record<string, unknown>,
  };
}
