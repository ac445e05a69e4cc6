import type { Secret } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import { devFolder, readDevFile } from '../dev-file.ts';
import { openbaoSettings, settingsOf } from '../settings/index.ts';
import type { OpenbaoProfile } from './profile.ts';
import { findPlace, type SignInPlace, staysHere } from './sign-in.ts';

type Flags = Readonly<Record<string, unknown>>;

/** Which OpenBao, and who signs in there where nothing else is said. */
export interface OpenbaoPlace extends OpenbaoProfile {
  readonly token: Secret | undefined;
  readonly allowInsecure: boolean;
  /** Where a person signs in for it; absent where no Zitadel is known. */
  readonly person: SignInPlace | undefined;
}

/** Finds out which OpenBao is meant: flags, environment, `drawbridge.yaml`, the last `login`, the `dev` of this machine. */
export async function findOpenbao(context: Context, flags: Flags): Promise<OpenbaoPlace | undefined> {
  const { values } = await settingsOf(openbaoSettings, context, flags);
  const person = await findPlace(context, flags);
  const last = person?.profile?.openbao;
  const dev = person?.isDev ? await readDevFile(devFolder(context.env, context.flags.dataDir)) : undefined;
  const known: OpenbaoProfile | undefined = last ?? (dev && { url: dev.openbao });
  const url = values.url ?? known?.url;
  if (url === undefined) return undefined;
  const { address, ca, namespace, mount, role } = { ...(url === known?.url ? known : {}), ...given(values) };
  return {
    url,
    person,
    token: values.token,
    allowInsecure: values.allowInsecure || staysHere(url, address),
    ...given({ address, ca, namespace, mount, role }),
  };
}

/** The parts that are there. */
function given<T extends object>(parts: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
