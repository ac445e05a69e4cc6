import { readFile } from 'node:fs/promises';
import { DrawbridgeError, Secret, translateFileError } from '@drawbridge/kit/core';
import type { LoginToken, Openbao } from '@drawbridge/openbao';
import type { SessionRequest, UserSession } from '@drawbridge/zitadel';

/** Who signs in at OpenBao, and how. */
export type OpenbaoCredential =
  /** A token from elsewhere, such as `OPENBAO_TOKEN`. It is neither renewed nor revoked here. */
  | { readonly kind: 'token'; readonly token: Secret }
  | {
      readonly kind: 'userpass';
      readonly username: string;
      /** May be asked for only when it is needed. */
      readonly password: Secret | (() => Promise<Secret>);
      /** Default `userpass`. */
      readonly mount?: string;
    }
  /** A person, by the id_token of their session in Zitadel. */
  | {
      readonly kind: 'person';
      /** Made only when it is needed, where a function is given. */
      readonly session: UserSession | (() => Promise<UserSession>);
      /** How the person is asked to sign in where that is needed; without it nobody is. */
      readonly request?: Omit<SessionRequest, 'idToken' | 'signal'>;
    }
  /** A service account, by its JWT access token: its id_token is expired when it arrives. */
  | {
      readonly kind: 'machine';
      readonly token: (signal?: AbortSignal) => Promise<Secret>;
      /** Who it is, as its user id in Zitadel. Without it its token is not kept for other processes. */
      readonly subject?: string;
    }
  /** A pod, by the token of its Kubernetes service account. */
  | {
      readonly kind: 'kubernetes';
      /** Default `/var/run/secrets/kubernetes.io/serviceaccount/token`. Read anew at each sign-in, since it is replaced. */
      readonly tokenPath?: string;
    };

/** What a sign-in needs beside the credential. */
export interface SignInPlace {
  readonly openbao: Openbao;
  readonly authMount: string;
  readonly role: string;
}

/** What is presented to OpenBao, and whose it is. */
export interface Presented {
  readonly jwt?: Secret;
  readonly subject?: string;
  /** When the JWT ends, in milliseconds since the epoch. */
  readonly expiresAt?: number;
}

const podToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Who is meant, as far as that is known without asking anybody. Undefined for nobody. */
export async function whoIs(as: OpenbaoCredential): Promise<string | undefined> {
  if (as.kind === 'userpass') return as.username;
  if (as.kind === 'machine') return as.subject;
  if (as.kind === 'person') return (await (await sessionOf(as)).peek())?.subject;
  return undefined;
}

/**
 * What to present to OpenBao: refreshes the session, or has the person sign in, where that is needed and allowed.
 *
 * @throws {DrawbridgeError} `not_signed_in`, `file_unreadable`, or what the session throws
 */
export async function present(
  as: OpenbaoCredential,
  asking: { readonly mayAsk: boolean; readonly signal?: AbortSignal },
): Promise<Presented> {
  const { mayAsk, signal } = asking;
  switch (as.kind) {
    case 'person': {
      const { interactive, ...request } = as.request ?? {};
      const session = await (await sessionOf(as)).get({
        ...request,
        ...(interactive && mayAsk ? { interactive } : {}),
        idToken: true,
        ...(signal ? { signal } : {}),
      });
      if (session.idToken) {
        const { idToken: jwt, subject, idTokenExpiresAt: expiresAt } = session;
        return { jwt, subject, ...(expiresAt === undefined ? {} : { expiresAt }) };
      }
      throw new DrawbridgeError('not_signed_in', {
        message: 'The session holds no id_token, which OpenBao asks for.',
        fix: 'Sign in again: drawbridge login',
      });
    }
    case 'machine':
      return { jwt: await as.token(signal), ...(as.subject === undefined ? {} : { subject: as.subject }) };
    case 'kubernetes':
      return { jwt: await readToken(as.tokenPath ?? podToken) };
    case 'userpass':
      return { subject: as.username };
    case 'token':
      return {};
  }
}

/** Exchanges what is presented for a token of OpenBao. @throws {DrawbridgeError} what OpenBao's client throws */
export async function exchange(
  as: OpenbaoCredential,
  presented: Presented,
  { openbao, authMount, role }: SignInPlace,
  signal: AbortSignal,
): Promise<LoginToken> {
  if (as.kind === 'userpass') {
    const password = as.password instanceof Secret ? as.password : await as.password();
    return await openbao.userpass(authMount).login({ name: as.username, password }, { signal });
  }
  if (!presented.jwt) throw new DrawbridgeError('internal');
  // The method for Kubernetes takes the same body at the same place.
  return await openbao.jwt(authMount).login({ jwt: presented.jwt, role }, { signal });
}

async function sessionOf({ session }: Extract<OpenbaoCredential, { kind: 'person' }>): Promise<UserSession> {
  return typeof session === 'function' ? await session() : session;
}

async function readToken(path: string): Promise<Secret> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (text !== '' && text.length <= 16_384) return new Secret(text);
  } catch (error) {
    throw translateFileError(error, path, 'file_unreadable');
  }
  throw new DrawbridgeError('file_unreadable', { message: `${path} holds no token.`, where: path });
}
