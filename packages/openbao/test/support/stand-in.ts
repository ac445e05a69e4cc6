import { type Fetch, ManualClock, Secret } from '@drawbridge/kit';
import { createOpenbao, type Openbao, type OpenbaoOptions } from '@drawbridge/openbao';

/** One request as it was sent. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What to answer: data in an envelope, or a whole response. */
export type Answer = Response | object;

export const token = 's.3gONHBPnPKFntke3E1u2u7aG';

/** A client whose fetch is a function, and what went through it. */
export function standIn(
  answer: (sent: Sent, count: number) => Answer | Promise<Answer>,
  options: Partial<OpenbaoOptions> = {},
): { readonly openbao: Openbao; readonly sent: readonly Sent[]; readonly clock: ManualClock } {
  const sent: Sent[] = [];
  const clock = new ManualClock();
  const fetch: Fetch = async (input, init = {}) => {
    init.signal?.throwIfAborted();
    const url = new URL(input);
    const one: Sent = {
      method: init.method ?? 'GET',
      path: url.pathname + url.search,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    };
    sent.push(one);
    const given = await answer(one, sent.length);
    return given instanceof Response ? given : envelope({ data: given });
  };
  const openbao = createOpenbao({
    url: 'https://bao.acme.example',
    token: new Secret(token),
    http: { fetch },
    clock,
    random: () => 0,
    ...options,
  });
  return { openbao, sent, clock };
}

/** An answer as OpenBao wraps it. */
export function envelope(fields: object, status = 200): Response {
  const empty = { request_id: 'r', lease_id: '', renewable: false, lease_duration: 0, wrap_info: null };
  return Response.json({ ...empty, data: null, warnings: null, auth: null, ...fields }, { status });
}

/** A refusal as OpenBao writes it. */
export function refusal(status: number, ...errors: readonly string[]): Response {
  return Response.json({ errors }, { status });
}

/** The answer to a sign-in or a renewal. */
export function signedIn(value: string, leaseSeconds = 3_600): Response {
  return envelope({
    auth: {
      client_token: value,
      accessor: `accessor-${value}`,
      policies: ['default'],
      token_policies: ['default'],
      metadata: null,
      lease_duration: leaseSeconds,
      renewable: true,
      entity_id: '',
      token_type: 'service',
      orphan: true,
      num_uses: 0,
    },
  });
}

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Moves a manual clock on whenever somebody sleeps on it, until the work is done. */
export async function whileWaiting<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let done = false;
  const ended = work.finally(() => {
    done = true;
  });
  ended.catch(() => undefined);
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    if (clock.sleeping > 0) clock.advance(1_000);
  }
  return ended;
}
