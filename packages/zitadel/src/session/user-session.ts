import {
  type Clock,
  DrawbridgeError,
  type Logger,
  type Secret,
  silentLogger,
  systemClock,
  withFolderLock,
} from '@drawbridge/kit';
import type { SignedIn, SignIn } from '../sign-in/index.ts';
import { type LoggedOut, logOut } from './log-out.ts';
import type { ActiveRecord, SessionRecord } from './record.ts';
import { renew } from './renew.ts';
import { signInOnce } from './sign-in-once.ts';
import type { SessionStore } from './store.ts';

/** Somebody who is signed in, with tokens that are good now. */
export interface Session {
  readonly issuer: string;
  readonly clientId: string;
  readonly subject: string;
  readonly name?: string;
  readonly accessToken: Secret<string>;
  /** Milliseconds since the epoch. */
  readonly accessExpiresAt: number;
  readonly idToken?: Secret<string>;
  readonly idTokenExpiresAt?: number;
}

/** What is asked of the session. */
export interface SessionRequest {
  /** How to sign somebody in where that is needed, as by `signIn.byDevice`. Without it nobody is asked. */
  readonly interactive?: (signIn: SignIn) => Promise<SignedIn>;
  /** Whether a person sits at a terminal; where not, nobody is asked either. Default false. */
  readonly terminal?: boolean;
  /** Whether the id_token has to be good as well. Default false. */
  readonly idToken?: boolean;
  /** How long the tokens have to be good for, in milliseconds. Default 60,000. */
  readonly minValidityMs?: number;
  /** Lets another user sign in than the one before. Default false. */
  readonly switchUser?: boolean;
  /** Asks for a sign-in although there is a session. Default false. */
  readonly again?: boolean;
  /** Told when another process signs in or refreshes, and this one waits for it. */
  readonly onWaiting?: () => void;
  /** Ends the waiting; a refresh that has begun is finished. */
  readonly signal?: AbortSignal;
}

/** Where a test can stop the clockwork: `intent` is written, new tokens are `received`, and they are `stored`. */
export type PausePoint = 'intent' | 'received' | 'stored';

/** Whose session, and where it is kept. */
export interface UserSessionOptions {
  readonly signIn: SignIn;
  readonly store: SessionStore;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
  /** For tests of what a crash leaves behind. */
  readonly pause?: (point: PausePoint) => Promise<void>;
}

/** The session of a person on this machine, shared by all processes of it. */
export interface UserSession {
  /**
   * Tokens that are good: those that are stored, else refreshed ones, else those of a new sign-in.
   *
   * @throws {DrawbridgeError} `not_signed_in` where a sign-in is needed and nobody can be asked; `sign_in_denied`,
   * `sign_in_expired`, `sign_in_failed`, `sign_in_wrong_user`; `locked`, `canceled`; `session_unreadable`; or why the
   * issuer was not reached
   */
  get(request?: SessionRequest): Promise<Session>;
  /** Who is signed in, good tokens or not; asks nobody and nothing. */
  peek(): Promise<{ readonly subject: string; readonly name?: string } | undefined>;
  /** Ends the session at the issuer and then here, and says what could not be ended there. */
  logout(): Promise<LoggedOut>;
}

/** A person needs minutes to sign in; a refresh takes seconds. */
const waitForPersonMs = 900_000;
const waitForRefreshMs = 60_000;
const lockedElsewhere = {
  message: 'Another process is still signing in or refreshing the session.',
  fix: 'Finish the sign-in there, or end that process.',
} as const;

/**
 * Makes the session of a person. However many processes need it at once, one refreshes or signs in, and the others wait
 * for its result; a process that is killed in between leaves a session that is refreshed, or asked for once.
 *
 * @example
 * ```ts
 * import { createHttpClient } from '@drawbridge/kit';
 * import { createSignIn, createUserSession, openSessionStore } from '@drawbridge/zitadel';
 *
 * const http = createHttpClient();
 * const signIn = createSignIn({ issuer: 'https://sso.acme.example', clientId: '322011', http });
 * const session = createUserSession({ signIn, store: await openSessionStore({ folder: '.drawbridge/sessions' }) });
 * const { subject } = await session.get({
 *   terminal: process.stderr.isTTY,
 *   interactive: (how) =>
 *     how.byDevice({
 *       prompt: ({ verificationUri, userCode, warning }) => {
 *         console.error(`Open ${verificationUri}\nand enter ${userCode}\n${warning}`);
 *       },
 *     }),
 * });
 * console.log(subject);
 * await http.close();
 * ```
 */
export function createUserSession(options: UserSessionOptions): UserSession {
  const { signIn, store, clock = systemClock, random = Math.random, logger = silentLogger } = options;
  const key = { issuer: signIn.issuer, clientId: signIn.clientId };
  const tools = { signIn, store, clock, logger, pause: options.pause ?? (async () => undefined) };

  const good = (record: SessionRecord | undefined, request: SessionRequest): Session | undefined => {
    if (record?.state !== 'active' || record.refreshing !== undefined) return undefined;
    const until = clock.now() + (request.minValidityMs ?? 60_000);
    if (record.accessExpiresAt <= until) return undefined;
    if (request.idToken && (record.idToken === undefined || (record.idTokenExpiresAt ?? 0) <= until))
      return undefined;
    return sessionOf(record);
  };

  const bringAbout = async (request: SessionRequest, waitedSince: number | undefined): Promise<Session> => {
    let record = await store.read(key);
    const found = request.again ? undefined : good(record, request);
    if (found) return found;
    if (record?.state === 'active' && record.refreshToken && !request.again) {
      record = await renew(record, record.refreshToken, tools);
      const renewed = good(record, request);
      if (renewed) return renewed;
    }
    if (!request.interactive || !(request.terminal ?? false)) throw notSignedIn(record, request);
    return sessionOf(await signInOnce(key, record, request.interactive, request, waitedSince, tools));
  };

  return {
    async get(request = {}) {
      const present = request.again ? undefined : good(await store.read(key), request);
      if (present) return present;
      const mayAsk = request.interactive !== undefined && (request.terminal ?? false);
      const began = clock.now();
      let waited = false;
      return await withFolderLock(
        store.lockFolder(key),
        () => bringAbout(request, waited ? began : undefined),
        {
          ...lockedElsewhere,
          clock,
          random,
          waitMs: mayAsk ? waitForPersonMs : waitForRefreshMs,
          meanwhile: async () => (request.again ? undefined : good(await store.read(key), request)),
          onWaiting: () => {
            waited = true;
            request.onWaiting?.();
          },
          ...(request.signal ? { signal: request.signal } : {}),
        },
      );
    },

    async peek() {
      const record = await store.read(key);
      if (record?.state !== 'active') return undefined;
      return { subject: record.subject, ...(record.name === undefined ? {} : { name: record.name }) };
    },

    async logout() {
      const wait = { ...lockedElsewhere, clock, random, waitMs: waitForRefreshMs };
      return await withFolderLock(store.lockFolder(key), () => logOut(key, tools), wait);
    },
  };
}

function sessionOf(record: ActiveRecord): Session {
  const { issuer, clientId, subject, name, accessToken, accessExpiresAt, idToken, idTokenExpiresAt } = record;
  return {
    issuer,
    clientId,
    subject,
    ...(name === undefined ? {} : { name }),
    accessToken,
    accessExpiresAt,
    ...(idToken === undefined ? {} : { idToken }),
    ...(idTokenExpiresAt === undefined ? {} : { idTokenExpiresAt }),
  };
}

function notSignedIn(record: SessionRecord | undefined, request: SessionRequest): DrawbridgeError {
  const why =
    request.interactive && !request.terminal
      ? 'A sign-in needs a person at a terminal, and there is none.'
      : record === undefined
        ? 'Nobody signed in on this machine yet.'
        : 'The session has ended and could not be renewed.';
  return new DrawbridgeError('not_signed_in', { why });
}
