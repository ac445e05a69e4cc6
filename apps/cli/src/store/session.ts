import { createOpenbaoSession, type OpenbaoSession } from '@drawbridge/config/openbao';
import { silentLogger } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import type { OpenbaoPlace } from '../places/index.ts';
import { tokensFolder } from '../places/index.ts';
import { readText } from '../read-text.ts';
import { type Credential, credentialOf, personOf } from './credential.ts';

/** A session at OpenBao; closing it gives back what was opened for it. */
export interface OpenedSession {
  readonly session: OpenbaoSession;
  readonly credential: Credential;
  close(): Promise<void>;
}

/**
 * Makes the session at a place. Nothing is loaded and nothing asked before it is used.
 *
 * @param isPerson whether it is that of the person, whoever else is set to sign in
 */
export async function openOpenbaoSession(
  context: Context,
  place: OpenbaoPlace,
  flags: Readonly<Record<string, unknown>>,
  isPerson = false,
): Promise<OpenedSession> {
  const { url, address, ca, namespace, mount, role, allowInsecure } = place;
  const credential = isPerson ? personOf(context, place) : await credentialOf(context, place, flags);
  const session = createOpenbaoSession({
    url,
    as: credential.as,
    allowInsecure,
    folder: tokensFolder(context.env),
    // A log library is not loaded for what nobody looks at.
    logger: context.flags.debug ? context.logger('debug') : silentLogger,
    ...(address === undefined ? {} : { address }),
    ...(ca === undefined ? {} : { ca: await readText(ca) }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(mount === undefined ? {} : { authMount: mount }),
    ...(role === undefined ? {} : { role }),
  });
  return {
    session,
    credential,
    close: async () => {
      await session.close();
      await credential.close();
    },
  };
}
