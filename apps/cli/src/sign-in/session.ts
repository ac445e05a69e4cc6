import { join } from 'node:path';
import { createHttpClient, type HttpClient, paths, readPrivateFile } from '@drawbridge/kit';
import {
  type ActiveRecord,
  createSignIn,
  createUserSession,
  openSessionStore,
  type SessionRequest,
  type SignIn,
  type UserSession,
} from '@drawbridge/zitadel';
import type { Context } from '../context.ts';
import { findPlace, type SignInPlace } from '../places/index.ts';

/** The session of the person at this machine, and what it is made of. */
export interface PersonSession {
  readonly place: SignInPlace;
  readonly user: UserSession;
  readonly signIn: SignIn;
  readonly http: HttpClient;
  /** How the session is kept, for a person. */
  readonly kept: string;
  /** What is kept of it now, good or not. */
  record(): Promise<ActiveRecord | undefined>;
  close(): Promise<void>;
}

/** Beside the usual: the organization that somebody is of, by name. */
const scope = 'openid profile email offline_access urn:zitadel:iam:user:resourceowner';

/**
 * Opens the session at a place. Nothing goes over the wire yet.
 *
 * @param audiences further projects that tokens of a new sign-in are for
 */
export async function openSession(
  { env }: Context,
  place: SignInPlace,
  audiences: readonly string[] = [],
): Promise<PersonSession> {
  const { issuer, clientId, address, allowInsecure, keyring, passphrasePath } = place;
  const store = await openSessionStore({
    folder: sessionsFolder(env),
    keyring,
    ...(passphrasePath === undefined ? {} : { passphrase: (await readPrivateFile(passphrasePath)).content }),
  });
  const http = createHttpClient({
    userAgent: 'drawbridge-cli',
    ...(address === undefined ? {} : { addresses: { [issuer]: address } }),
  });
  const signIn = createSignIn({
    issuer,
    clientId,
    http,
    allowInsecure,
    scope: [scope, ...audiences.map((id) => `urn:zitadel:iam:org:project:id:${id}:aud`)].join(' '),
  });
  return {
    place,
    user: createUserSession({ signIn, store }),
    signIn,
    http,
    kept: store.description,
    record: async () => {
      const record = await store.read({ issuer, clientId });
      return record?.state === 'active' ? record : undefined;
    },
    close: () => http.close(),
  };
}

/** The place where somebody is signed in, good tokens or not. */
export async function findSignedIn(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<SignInPlace | undefined> {
  const place = await findPlace(context, flags);
  if (!place) return undefined;
  const session = await openSession(context, place);
  try {
    return (await session.user.peek()) ? place : undefined;
  } finally {
    await session.close();
  }
}

/** Where sessions, and the locks on them, are. */
function sessionsFolder(env: NodeJS.ProcessEnv): string {
  return join(paths({ env }).data, 'sessions');
}

/** How a command that needs somebody signed in asks: what it is told while another one signs in, and until when it waits. */
export function requestOf({ terminal, signal }: Context): Pick<SessionRequest, 'onWaiting' | 'signal'> {
  return {
    signal,
    onWaiting: () => {
      // For whoever sits here and wonders; a script has its time-outs.
      if (terminal.hasPerson)
        terminal.note('Another drawbridge is signing in or refreshing; waiting for it.');
    },
  };
}
