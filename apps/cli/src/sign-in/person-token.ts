import { DrawbridgeError, type Secret } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import type { SignInPlace } from '../places/index.ts';
import { payloadOf } from './payload.ts';
import { openSession, requestOf } from './session.ts';

/**
 * The access token of who is signed in, renewed where that is needed; nobody is asked.
 *
 * @param audiences projects that it has to be for, beside those that any token of the application is for
 * @throws {DrawbridgeError} `not_signed_in`; `forbidden` where the sign-in was not for these projects
 */
export async function personToken(
  context: Context,
  place: SignInPlace,
  audiences: readonly string[],
): Promise<Secret> {
  const session = await openSession(context, place);
  try {
    const { accessToken } = await session.user.get(requestOf(context));
    const named = audiencesOf(accessToken);
    const missing = audiences.filter((id) => !named.includes(id));
    if (missing.length === 0) return accessToken;
    throw new DrawbridgeError('forbidden', {
      message: `Your session's tokens are not for ${missing.join(', ')}.`,
      why: 'Zitadel decides at the sign-in what tokens are for.',
      fix: `drawbridge login --audience ${audiences.join(' ')}`,
    });
  } finally {
    await session.close();
  }
}

/** What a JWT is for; an opaque token does not tell. */
function audiencesOf(token: Secret): readonly string[] {
  return [payloadOf(token)?.aud].flat().filter((one) => typeof one === 'string');
}
