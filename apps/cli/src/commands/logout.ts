import { DrawbridgeError } from '@drawbridge/kit';
import type { LoggedOut } from '@drawbridge/zitadel';
import type { Context } from '../context.ts';
import { findPlace, openSession, removeProfile } from '../sign-in/index.ts';

/**
 * `drawbridge logout`: ends the session where it was given and removes it here. What could not be ended there is told, with what it
 * means: it is gone from this machine in any case.
 */
export async function logout(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { terminal } = context;
  const place = await findPlace(context, flags);
  if (!place) return nobody(context);
  const session = await openSession(context, place);
  let zitadel: LoggedOut;
  try {
    zitadel = await session.user.logout();
  } finally {
    await session.close();
  }
  if (place.profile) await removeProfile(context.env);
  if (!zitadel.wasSignedIn) return nobody(context);
  const lasting = zitadel.notRevoked.map(({ token }) => words[token]);
  if (terminal.json) {
    const { revoked, notRevoked } = zitadel;
    terminal.document({ schema: 'drawbridge.logout/v1', wasSignedIn: true, revoked, notRevoked });
  } else {
    const parts = [
      ...zitadel.revoked.map((token) => terminal.sign('ok', `${words[token]} revoked`)),
      ...lasting.map((what) => terminal.sign('fail', `${what} not`)),
      terminal.sign('ok', 'deleted here'),
    ];
    terminal.answer(parts.join('   '));
  }
  const [failure] = zitadel.notRevoked;
  if (!failure) return;
  throw new DrawbridgeError('not_revoked', {
    message: `Signed out here; the ${lasting.join(' and the ')} could not be ended at ${place.issuer}.`,
    saw: failure.code,
    fix: 'nothing, if nobody copied it; else have an administrator deactivate you at Zitadel',
  });
}

const words = { refresh_token: 'Zitadel refresh token', access_token: 'Zitadel access token' } as const;

function nobody({ terminal }: Context): void {
  if (terminal.json) terminal.document({ schema: 'drawbridge.logout/v1', wasSignedIn: false });
  else terminal.answer('Nobody was signed in here.');
}
