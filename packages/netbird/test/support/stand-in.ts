import { type Fetch, ManualClock, Secret } from '@drawbridge/kit';
import { createNetbird, type Netbird, type NetbirdOptions, type UserBody } from '@drawbridge/netbird';

/** One request as it was sent. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What to answer: a body for 200, or a whole response. */
export type Answer = Response | object | null;

export const token = 'nbp_KXYP0MKdPI1UEbUUEGkflbFeFzftnO2brqd8';

/** A client whose fetch is a function, and what went through it. */
export function standIn(
  answer: (sent: Sent, count: number) => Answer | Promise<Answer>,
  options: Partial<NetbirdOptions> = {},
): { readonly netbird: Netbird; readonly sent: readonly Sent[]; readonly clock: ManualClock } {
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
    return given instanceof Response ? given : Response.json(given);
  };
  const netbird = createNetbird({
    url: 'https://netbird.acme.example',
    token: new Secret(token),
    http: { fetch },
    clock,
    random: () => 0,
    ...options,
  });
  return { netbird, sent, clock };
}

/** A refusal as NetBird writes it. */
export function refusal(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ message, code: status }, { status, headers });
}

/** A user as NetBird shows it. */
export function userBody(fields: Partial<UserBody> & { readonly id: string }): UserBody {
  return {
    email: '',
    name: '',
    role: 'user',
    status: 'active',
    auto_groups: [],
    is_blocked: false,
    pending_approval: false,
    is_current: false,
    is_service_user: false,
    last_login: '0001-01-01T00:00:00Z',
    issued: 'api',
    ...fields,
  };
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
