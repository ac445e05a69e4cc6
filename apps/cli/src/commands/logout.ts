import { DrawbridgeError, type ErrorCode } from '@drawbridge/kit';
import type { LoggedOut } from '@drawbridge/zitadel';
import type { Context } from '../context.ts';
import { findPlace, removeProfile, type SignInPlace } from '../places/index.ts';
import { openSession } from '../sign-in/index.ts';
import { giveBackTokens } from '../store/index.ts';

/** A token, and what came of ending it where it was given. */
interface Ended {
  readonly what: string;
  readonly where: string;
  /** Why it could not be ended. */
  readonly code?: ErrorCode;
}

/**
 * `drawbridge logout`: ends the tokens where they were given and removes them here. What could not be ended there is told, with what it
 * means: it is gone from this machine in any case.
 */
export async function logout(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { terminal } = context;
  const place = await findPlace(context, flags);
  // OpenBao's tokens first: their sign-in hangs on the session.
  const openbao = place ? await giveBackTokens(context, place, flags) : [];
  const zitadel = place ? await endSession(context, place) : undefined;
  if (place?.profile) await removeProfile(context.env);
  const ended = [
    ...openbao.map(({ url, role, code }) => ({ what: `OpenBao token (${role})`, where: url, code })),
    ...(place && zitadel ? tokensOf(zitadel, place.issuer) : []),
  ].map(({ code, ...rest }): Ended => ({ ...rest, ...(code === undefined ? {} : { code }) }));
  const wasSignedIn = zitadel?.wasSignedIn === true || ended.length > 0;
  if (terminal.json) terminal.document({ schema: 'drawbridge.logout/v1', wasSignedIn, tokens: ended });
  else if (!wasSignedIn) terminal.answer('Nobody was signed in here.');
  else {
    for (const { what, code } of ended)
      terminal.answer(terminal.sign(code ? 'fail' : 'ok', `${what} ${code ? 'not revoked' : 'revoked'}`));
    terminal.answer(terminal.sign('ok', 'deleted here'));
  }
  const [failed] = ended.filter(({ code }) => code !== undefined);
  if (!failed?.code) return;
  throw new DrawbridgeError('not_revoked', {
    message: `Signed out here; the ${failed.what} could not be ended.`,
    where: failed.where,
    saw: failed.code,
    why: 'At Zitadel, ending the session in the browser does not end the token.',
    fix: 'nothing, if nobody copied it; else have an administrator deactivate you',
  });
}

async function endSession(context: Context, place: SignInPlace): Promise<LoggedOut> {
  const session = await openSession(context, place);
  try {
    return await session.user.logout();
  } finally {
    await session.close();
  }
}

const words = { refresh_token: 'Zitadel refresh token', access_token: 'Zitadel access token' } as const;

function tokensOf({ revoked, notRevoked }: LoggedOut, where: string) {
  return [
    ...revoked.map((token) => ({ what: words[token], where, code: undefined })),
    ...notRevoked.map(({ token, code }) => ({ what: words[token], where, code })),
  ];
}
