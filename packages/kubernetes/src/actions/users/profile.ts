import type { IdentitySignIn } from '@drawbridge/events';

/** Providers that Milo knows by name. */
export type LoginProvider = 'github' | 'google';

/** What a sign-in says of a user. */
export interface SignInStatus {
  readonly lastLoginProvider?: LoginProvider;
  readonly avatarUrl?: string;
}

const longestUrl = 2_048;
const largestProfile = 256 * 1024;

/**
 * What a sign-in shows: the provider as it is configured, and the picture where that provider puts one. Which provider it was is
 * never guessed from the profile: whoever runs a provider writes there what they like.
 *
 * @see internal/repository/idpintent/intent.go
 */
export function statusOfSignIn(signIn: IdentitySignIn, provider: LoginProvider | undefined): SignInStatus {
  const profile = readProfile(signIn.payload.idpUser);
  const fields = provider === 'github' ? ['avatar_url'] : ['picture', 'avatar_url'];
  const avatarUrl = fields.map((field) => asPicture(find(profile, field))).find((url) => url !== undefined);
  return {
    ...(provider === undefined ? {} : { lastLoginProvider: provider }),
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
  };
}

/** base64 of JSON; an object where it came through ListEvents, which knows no bytes. */
function readProfile(idpUser: unknown): unknown {
  if (typeof idpUser !== 'string') return idpUser;
  if (idpUser.length > largestProfile) return undefined;
  try {
    return JSON.parse(Buffer.from(idpUser, 'base64').toString('utf8'));
  } catch {
    return undefined; // a profile in another form has nothing to show
  }
}

/** At the top, or within the one object that some of Zitadel's providers wrap their user in. */
function find(profile: unknown, field: string): unknown {
  if (!isRecord(profile)) return undefined;
  for (const place of [profile, profile.User, profile.user, profile.RawInfo, profile.rawInfo])
    if (isRecord(place) && place[field] !== undefined) return place[field];
  return undefined;
}

/** Consoles show it as an image: nothing but https, and no name or password in it. */
function asPicture(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > longestUrl || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.href.length <= longestUrl
    ? url.href
    : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
