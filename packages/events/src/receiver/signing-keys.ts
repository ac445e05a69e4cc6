import { type Clock, DrawbridgeError, type Secret, systemClock } from '@drawbridge/kit';

/** The signing keys that are accepted now. */
export interface SigningKeys {
  /** @throws {DrawbridgeError} when the first key cannot be read */
  accepted(): Promise<readonly Secret[]>;
  /**
   * Looks for a new key, because none of those known fits. Asked too soon after the last time it does nothing.
   *
   * @returns whether the keys are others now
   */
  refresh(): Promise<boolean>;
}

/** Where the key comes from and how long its predecessor is accepted. */
export interface SigningKeysOptions {
  /** Reads the target's present key: from Zitadel, a file or an environment variable. */
  readonly load: () => Promise<Secret>;
  /** How long a replaced key is still accepted, in milliseconds. Default 600,000: longer than a signature lives. */
  readonly overlapMs?: number;
  /** At least this long between two looks, in milliseconds. Default 30,000. */
  readonly cooldownMs?: number;
  readonly clock?: Clock;
}

/**
 * Keeps a target's signing key, and after a rotation the one before it for a while, since calls signed with it are still
 * under way. Every replica notices a rotation by itself: at the first signature it cannot explain.
 *
 * @example
 * ```ts
 * import { createSigningKeys } from '@drawbridge/events';
 * import { Secret } from '@drawbridge/kit';
 *
 * const keys = createSigningKeys({ load: async () => new Secret(process.env.SIGNING_KEY ?? '') });
 * ```
 */
export function createSigningKeys(options: SigningKeysOptions): SigningKeys {
  const { load, overlapMs = 600_000, cooldownMs = 30_000, clock = systemClock } = options;
  let current: Secret | undefined;
  let replaced: { readonly key: Secret; readonly until: number }[] = [];
  let triedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<boolean> | undefined;

  const look = async (): Promise<boolean> => {
    triedAt = clock.now();
    const key = await load();
    if (key.expose() === '')
      throw new DrawbridgeError('invalid_settings', { message: 'The signing key of the target is empty.' });
    if (current?.expose() === key.expose()) return false;
    if (current) replaced = [...replaced, { key: current, until: clock.now() + overlapMs }];
    current = key;
    return true;
  };

  const loadOnce = (): Promise<boolean> => {
    loading ??= look().finally(() => {
      loading = undefined;
    });
    return loading;
  };

  return {
    async accepted() {
      if (!current) await loadOnce();
      replaced = replaced.filter(({ until }) => until > clock.now());
      return [...(current ? [current] : []), ...replaced.map(({ key }) => key)];
    },
    async refresh() {
      if (loading !== undefined) return await loading;
      return clock.now() - triedAt < cooldownMs ? false : await loadOnce();
    },
  };
}
