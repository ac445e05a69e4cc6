import { type Clock, DrawbridgeError, type Problem, systemClock } from '@drawbridge/kit';
import type { IdentityProviders } from '@drawbridge/zitadel';
import type { LoginProvider } from './profile.ts';

/** Tells which of the known providers an identity provider is. */
export interface ProviderNames {
  /** @throws {DrawbridgeError} what calls to Zitadel throw when it has to be asked and is away */
  of(idpId: string, signal: AbortSignal): Promise<LoginProvider | undefined>;
}

/** How identity providers are told apart. */
export interface ProviderNamesOptions {
  /** By id, as configured; `other` for one that is none of them. Comes before what Zitadel says. */
  readonly configured?: ReadonlyMap<string, LoginProvider | 'other'>;
  /** Asked for the type of all others, which takes `iam.idp.read`. Without it they stay unknown. */
  readonly zitadel?: Pick<IdentityProviders, 'get'>;
  readonly clock?: Clock;
}

const keptMs = 300_000;

/** Makes what names identity providers: the configuration first, then the type that Zitadel has of it. */
export function createProviderNames(options: ProviderNamesOptions): ProviderNames {
  const { configured = new Map(), zitadel, clock = systemClock } = options;
  const known = new Map<string, { readonly name: LoginProvider | undefined; readonly until: number }>();
  return {
    async of(idpId, signal) {
      const set = configured.get(idpId);
      if (set !== undefined) return set === 'other' ? undefined : set;
      const cached = known.get(idpId);
      if (cached && cached.until > clock.now()) return cached.name;
      const name = zitadel && (await ask(zitadel, idpId, signal));
      known.set(idpId, { name, until: clock.now() + keptMs });
      return name;
    },
  };
}

/**
 * Reads providers as the command line has them: `ID=google`, `ID=github`, `ID=other`.
 *
 * @throws {DrawbridgeError} `invalid_settings` with one problem for each mistake
 * @example
 * ```ts
 * import { parseProviderNames } from '@drawbridge/kubernetes';
 *
 * console.log(parseProviderNames(['3221=google']).get('3221')); // google
 * ```
 */
export function parseProviderNames(entries: readonly string[]): ReadonlyMap<string, LoginProvider | 'other'> {
  const names = new Map<string, LoginProvider | 'other'>();
  const problems: Problem[] = [];
  for (const entry of entries) {
    const [, id, name] = /^([^=]+)=(google|github|other)$/.exec(entry) ?? [];
    if (id === undefined || name === undefined || names.has(id))
      problems.push({
        field: entry,
        message: 'is not of the form ID=google, ID=github or ID=other, once an id',
      });
    else names.set(id, name as LoginProvider | 'other');
  }
  if (problems.length > 0)
    throw new DrawbridgeError('invalid_settings', {
      message: 'The identity providers are not understood.',
      problems,
    });
  return names;
}

/** Where Google is set up as any OpenID provider, its issuer tells. */
const googleIssuer = 'https://accounts.google.com';

async function ask(
  zitadel: Pick<IdentityProviders, 'get'>,
  idpId: string,
  signal: AbortSignal,
): Promise<LoginProvider | undefined> {
  try {
    const { type, config } = await zitadel.get(idpId, { signal, priority: 'low' });
    if (type === 'IDP_TYPE_GITHUB' || type === 'IDP_TYPE_GITHUB_ES') return 'github';
    return type === 'IDP_TYPE_GOOGLE' || config?.oidc?.issuer === googleIssuer ? 'google' : undefined;
  } catch (error) {
    // Removed meanwhile, or not ours to see: it stays unknown, and nobody waits for it.
    const code = error instanceof DrawbridgeError ? error.code : undefined;
    if (code === 'zitadel_not_found' || code === 'zitadel_forbidden') return undefined;
    throw error;
  }
}
