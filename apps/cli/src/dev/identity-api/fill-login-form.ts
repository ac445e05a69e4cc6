import { DrawbridgeError, type Fetch } from '@drawbridge/kit';

/** Who signs in, and as which browser. */
export interface LoginForm {
  readonly loginName: string;
  readonly password: string;
  readonly userAgent: string;
}

const mostHops = 10;

/**
 * Signs somebody in at the emulated login page, as a browser would: follows to the form, fills it, and follows back to where the
 * sign-in was begun. The demo user's password is in `dev.json` anyway; a real login page would not let this pass.
 *
 * @param url where the sign-in begins
 */
export async function fillLoginForm(
  fetch: Fetch,
  url: string,
  { loginName, password, userAgent }: LoginForm,
): Promise<void> {
  const cookies = new Map<string, string>();
  const visit = async (to: string, form?: URLSearchParams) => {
    const response = await fetch(to, {
      redirect: 'manual',
      headers: {
        'user-agent': userAgent,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(form ? { method: 'POST', body: form.toString() } : {}),
    });
    await response.body?.cancel();
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get('location');
    return { status: response.status, next: location === null ? undefined : new URL(location, to).href };
  };
  const follow = async (from: string | undefined): Promise<string> => {
    let at = from;
    for (let hop = 0; at !== undefined && hop < mostHops; hop++) {
      const { next } = await visit(at);
      if (next === undefined) return at;
      at = next;
    }
    throw failed();
  };
  const page = await follow(url);
  const authRequestID = new URL(page).searchParams.get('authRequestID');
  if (authRequestID === null) throw failed();
  const form = new URLSearchParams({ authRequestID, loginName, password });
  const { next } = await visit(page, form);
  if (next === undefined) throw failed();
  await follow(next);
}

function failed(): DrawbridgeError {
  return new DrawbridgeError('sign_in_failed', { message: 'The demo user could not be signed in.' });
}
