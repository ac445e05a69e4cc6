import { readFile } from 'node:fs/promises';
import { type Fetch, type Logger, Secret, writeFileAtomic } from '@drawbridge/kit';
import { createSignIn, type Zitadel } from '@drawbridge/zitadel';
import { payloadOf } from '../../sign-in/index.ts';
import { fillLoginForm } from './fill-login-form.ts';

/** Whose token is kept, where. */
export interface DemoTokenOptions {
  readonly zitadel: Pick<Zitadel, 'sessions' | 'issuer'>;
  readonly fetch: Fetch;
  /** The application that people sign in to with the command. */
  readonly clientId: string;
  readonly userId: string;
  readonly loginName: string;
  readonly password: string;
  /** File that the token is kept in, for the owner only. */
  readonly path: string;
  readonly logger: Logger;
}

/** A file with a token of the demo user's, kept good. */
export interface DemoToken {
  /** Sees to it that the token is good now. */
  ensure(): Promise<void>;
  /** The token was refused: if its session has ended, somebody signs in again. Returns at once. */
  doubt(): void;
  stop(): void;
}

/** As the session's agent is shown. */
const userAgent = 'kubectl (drawbridge dev)';
const restMs = 10 * 60_000;
const everyMs = 60_000;

/**
 * Keeps the demo user signed in for kubectl: so that the kubeconfig of `dev` works at once and for as long as `dev` runs. The
 * token is an ordinary one of an ordinary session: when that is ended, it is refused, and only then a new sign-in follows.
 */
export function keepDemoToken(options: DemoTokenOptions): DemoToken {
  const { zitadel, fetch, clientId, userId, path, logger } = options;
  const { issuer } = zitadel;

  const isGood = async (): Promise<boolean> => {
    const token = await readFile(path, 'utf8').then(
      (text) => new Secret(text.trim()),
      () => undefined,
    );
    const payload = token && payloadOf(token);
    // The issuer is another one when `dev` was given other ports.
    if (!token || payload?.iss !== issuer) return false;
    if (typeof payload.exp !== 'number' || payload.exp * 1_000 - restMs < Date.now()) return false;
    const headers = { authorization: `Bearer ${token.expose()}` };
    const response = await fetch(`${issuer}/oidc/v1/userinfo`, { headers });
    await response.body?.cancel();
    return response.status === 200;
  };

  const signIn = async (): Promise<void> => {
    const failed = new AbortController();
    // Not waited for: the last page is answered when the sign-in is done.
    const open = (url: string) => {
      fillLoginForm(fetch, url, { ...options, userAgent }).catch((error: unknown) => failed.abort(error));
    };
    const signedIn = await createSignIn({
      issuer,
      clientId,
      http: { fetch },
      scope: 'openid profile email urn:zitadel:iam:user:resourceowner',
    }).byBrowser({ open, timeoutMs: 30_000, signal: failed.signal });
    await writeFileAtomic(path, signedIn.accessToken.expose(), { mode: 0o600 });
    const own = signedIn.idToken && payloadOf(signedIn.idToken)?.sid;
    // Sessions whose tokens nobody has any more.
    for await (const session of zitadel.sessions.list({ userId }))
      if (session.userAgent?.description === userAgent && session.id !== own)
        await zitadel.sessions.remove(session.id);
  };

  let ensuring: Promise<void> | undefined;
  const ensure = (): Promise<void> => {
    ensuring ??= (async () => {
      if (!(await isGood())) await signIn();
    })().finally(() => {
      ensuring = undefined;
    });
    return ensuring;
  };
  const inBackground = () => {
    ensure().catch((error: unknown) => logger.warn({ err: error }, 'the demo user is not signed in'));
  };
  const timer = setInterval(inBackground, everyMs);
  timer.unref();
  return { ensure, doubt: inBackground, stop: () => clearInterval(timer) };
}
