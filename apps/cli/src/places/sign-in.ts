import { DrawbridgeError, isLoopback, parseAddress } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import { devFolder, readDevFile } from '../dev-file.ts';
import { settingsOf, signInSettings } from '../settings/index.ts';
import { type Profile, readProfile } from './profile.ts';

type Flags = Readonly<Record<string, unknown>>;

/** Where people sign in, and as which application. */
export interface SignInPlace {
  readonly issuer: string;
  readonly address: string | undefined;
  readonly clientId: string;
  readonly allowInsecure: boolean;
  readonly keyring: boolean;
  readonly passphrasePath: string | undefined;
  /** What the last `login` kept, where it was this place. */
  readonly profile: Profile | undefined;
  /** Whether it is that of `drawbridge dev`, which is found without being kept. */
  readonly isDev: boolean;
}

/**
 * Finds out where people sign in: flags, environment, `drawbridge.yaml`, then where `login` was last, then the `dev` of this machine.
 * A folder of `dev` that is named comes before the last `login`.
 */
export async function findPlace(context: Context, flags: Flags): Promise<SignInPlace | undefined> {
  const { values } = await settingsOf(signInSettings, context, flags);
  const dev = await readDevFile(devFolder(context.env, context.flags.dataDir));
  const last = await readProfile(context.env);
  const ofDev = dev && { issuer: dev.issuer, clientId: dev.deviceClientId };
  const known = context.flags.dataDir === undefined ? [last, ofDev] : [ofDev, last];
  const issuer = values.issuer ?? known.find((one) => one !== undefined)?.issuer;
  if (issuer === undefined) return undefined;
  const fitting = known.find((one) => one?.issuer === issuer);
  const clientId = values.clientId ?? fitting?.clientId;
  if (clientId === undefined) return undefined;
  const isLast = last?.issuer === issuer && last.clientId === clientId;
  const { allowInsecure, keyring, passphrasePath } = values;
  const address = values.address ?? (isLast ? last.address : undefined);
  return {
    issuer,
    clientId,
    allowInsecure: allowInsecure || staysHere(issuer, address),
    keyring,
    passphrasePath,
    address,
    profile: isLast ? last : undefined,
    isDev: issuer === dev?.issuer && clientId === dev.deviceClientId,
  };
}

/** The same where there has to be one. @throws {DrawbridgeError} `not_signed_in` */
export async function requirePlace(context: Context, flags: Flags): Promise<SignInPlace> {
  const place = await findPlace(context, flags);
  if (place) return place;
  throw new DrawbridgeError('not_signed_in', {
    message: 'Where to sign in is not set, and no drawbridge dev was found.',
    fix: 'Set HARMONY_SSO_URL and HARMONY_SSO_CLIENT_ID, or start drawbridge dev.',
  });
}

/** Plain http by way of an address of this machine leaves it no more than a loopback URL does. */
export function staysHere(url: string, address: string | undefined): boolean {
  if (address === undefined) return false;
  const { host } = parseAddress(address, url);
  return isLoopback(new URL(`http://${host.includes(':') ? `[${host}]` : host}`));
}
