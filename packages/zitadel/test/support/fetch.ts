import type { Fetch } from '@drawbridge/kit';

export interface Sent {
  readonly url: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly priority: string | undefined;
}

export type Answer =
  | Response
  | { readonly status?: number; readonly json?: unknown; readonly headers?: Record<string, string> };

/** A fetch without a network, and what went through it. */
export function fakeFetch(
  answer: (sent: Sent, count: number) => Answer | Promise<Answer>,
): Fetch & { readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: Fetch = async (input, init = {}) => {
    init.signal?.throwIfAborted();
    const url = new URL(input);
    const one: Sent = {
      url: url.href,
      path: url.pathname,
      method: init.method ?? 'GET',
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? init.body : '',
      priority: init.priority,
    };
    sent.push(one);
    const given = await answer(one, sent.length);
    if (given instanceof Response) return given;
    return new Response(JSON.stringify(given.json ?? {}), {
      status: given.status ?? 200,
      headers: { 'content-type': 'application/json', ...given.headers },
    });
  };
  return Object.assign(fetch, { sent });
}

/** The error of Connect, its detail encoded as Zitadel does. */
export function connectError(code: string, id: string, status: number): Answer {
  return { status, json: connectErrorBody(code, id) };
}

export function connectErrorBody(code: string, id: string): object {
  const text = Buffer.from('some text');
  const detail = Buffer.concat([
    Buffer.from([0x0a, id.length]),
    Buffer.from(id),
    Buffer.from([0x12, text.length]),
    text,
  ]);
  return {
    code,
    message: `some text (${id})`,
    details: [{ type: 'zitadel.v1.ErrorDetail', value: detail.toString('base64').replace(/=+$/, '') }],
  };
}

/** What the token endpoint answers. */
export function tokenAnswer(token: string, life = 43_199): Answer {
  return { json: { access_token: token, token_type: 'Bearer', expires_in: life, id_token: 'x' } };
}

/** Lets everything that is due run, without a timer's wait. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
}

/** Moves a manual clock on only while somebody sleeps on it, so that real work in between takes no time on it. */
export async function drive(
  clock: { advance(ms: number): void; readonly sleeping: number },
  until: () => boolean,
  stepMs = 50,
): Promise<void> {
  const limit = performance.now() + 10_000;
  while (performance.now() < limit) {
    await new Promise((resolve) => setImmediate(resolve));
    if (until()) return;
    if (clock.sleeping > 0) clock.advance(stepMs);
  }
  throw new Error('it never came');
}
