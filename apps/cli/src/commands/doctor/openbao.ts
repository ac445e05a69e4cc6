import { DrawbridgeError, readPrivateFile, type Secret } from '@drawbridge/kit';
import { createOpenbao } from '@drawbridge/openbao';
import type { OpenbaoPatient } from '@drawbridge/stack';
import type { Context } from '../../context.ts';
import { devFolder, readDevFile } from '../../dev-file.ts';
import { findOpenbao, type OpenbaoPlace } from '../../places/index.ts';
import { readText } from '../../read-text.ts';
import { credentialOf } from '../../store/index.ts';

type Flags = Readonly<Record<string, unknown>>;

/** OpenBao as it is set, or as the last `login` or the `dev` of this machine knows it. */
export async function openOpenbaoPatient(
  context: Context,
  flags: Flags,
): Promise<{ readonly patient: OpenbaoPatient; readonly close: () => Promise<void> } | undefined> {
  const place = await findOpenbao(context, flags);
  if (!place) return undefined;
  const { url, address, ca, namespace, allowInsecure, mount = 'jwt', role = 'harmony-developer' } = place;
  const token = place.token ?? (await rootTokenOfDev(context, url));
  const client = createOpenbao({
    url,
    allowInsecure,
    totalMs: 8_000,
    ...(address === undefined ? {} : { address }),
    ...(ca === undefined ? {} : { ca: await readText(ca) }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(token === undefined ? {} : { token }),
  });
  return {
    patient: {
      client,
      hasToken: token !== undefined,
      mount,
      role,
      jwt: (signal) => jwtOf(context, place, flags, signal),
    },
    close: () => client.close(),
  };
}

/** Whoever would sign in at OpenBao by a token of Zitadel; nobody is asked. */
async function jwtOf(
  context: Context,
  place: OpenbaoPlace,
  flags: Flags,
  signal: AbortSignal,
): Promise<Secret | undefined> {
  const { as, close } = await credentialOf(context, { ...place, token: undefined }, flags);
  try {
    if (as.kind === 'machine') return await as.token(signal);
    if (as.kind !== 'person') return undefined;
    const user = typeof as.session === 'function' ? await as.session() : as.session;
    return (await user.get({ idToken: true, signal })).idToken;
  } catch (error) {
    const nobody =
      error instanceof DrawbridgeError && ['not_signed_in', 'session_ended'].includes(error.code);
    if (nobody) return undefined;
    throw error;
  } finally {
    await close();
  }
}

async function rootTokenOfDev(context: Context, url: string): Promise<Secret | undefined> {
  const dev = await readDevFile(devFolder(context.env, context.flags.dataDir));
  if (dev?.openbao !== url) return undefined;
  try {
    return (await readPrivateFile(dev.openbaoRootTokenPath)).content.map((text) => text.trim());
  } catch (error) {
    // Nobody asked for it: without it the method and role are not read, and that is said.
    if (error instanceof DrawbridgeError && error.code === 'file_unreadable') return undefined;
    throw error;
  }
}
