import { openbaoSource } from '@drawbridge/config/openbao';
import type { ErrorCode } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import type { SignInPlace } from '../places/index.ts';
import { keepPlaces, usedPlaces, valuesFolder } from '../places/index.ts';
import { openOpenbaoSession } from './session.ts';

/** A token of OpenBao, and what came of revoking it. */
export interface GivenBack {
  readonly url: string;
  readonly role: string;
  readonly code: ErrorCode | undefined;
}

/** Revokes the tokens that a person got at OpenBao, of every role and server, and deletes them here with the values that were read. */
export async function giveBackTokens(
  context: Context,
  person: SignInPlace,
  flags: Readonly<Record<string, unknown>>,
): Promise<readonly GivenBack[]> {
  const { env } = context;
  const places = await usedPlaces(env);
  const isTheirs = (one: { readonly issuer: string; readonly clientId: string }) =>
    one.issuer === person.issuer && one.clientId === person.clientId;
  const results: GivenBack[] = [];
  for (const place of places.filter(isTheirs)) {
    const opened = await openOpenbaoSession(context, { ...place, person, token: undefined }, flags, true);
    try {
      const { role = 'harmony-developer' } = (await opened.session.peek()) ?? place;
      // A source takes part in the logout: it deletes what it kept.
      openbaoSource({
        session: opened.session,
        app: 'any',
        environment: 'any',
        cacheFolder: valuesFolder(env),
      });
      const { revoked, code } = await opened.session.logout();
      if (revoked || code !== undefined) results.push({ url: place.url, role, code });
    } finally {
      await opened.close();
    }
  }
  if (places.some(isTheirs))
    await keepPlaces(
      env,
      places.filter((one) => !isTheirs(one)),
    );
  return results;
}
