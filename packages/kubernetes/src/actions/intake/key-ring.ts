import type { SigningKeys } from '@drawbridge/events';
import {
  type Clock,
  DrawbridgeError,
  type Logger,
  readPrivateFile,
  Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';

/** Where signing keys come from. Every target in Zitadel has one of its own, and two while it is replaced. */
export interface KeyRingOptions {
  readonly keys?: readonly Secret[];
  /** File with one key a line; empty lines and such as begin with # say nothing. It is read again when a signature does not fit. */
  readonly file?: string;
  /** At least this long between two readings, in milliseconds. Default 5,000. */
  readonly cooldownMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Each key is tried on each digest of a call: more would let a stranger make us work. */
const mostKeys = 16;

/**
 * Makes the keys that calls may be signed with. All of them are accepted at every path: they are of one Zitadel, and what a body is
 * stands in the body.
 *
 * @throws {DrawbridgeError} `invalid_settings` without a key, `file_unreadable`
 * @example
 * ```ts
 * import { openKeyRing } from '@drawbridge/kubernetes';
 *
 * const keys = await openKeyRing({ file: '/etc/drawbridge/signing-keys' });
 * console.log((await keys.accepted()).length);
 * ```
 */
export async function openKeyRing(options: KeyRingOptions): Promise<SigningKeys> {
  const { keys = [], file, cooldownMs = 5_000, clock = systemClock, logger = silentLogger } = options;
  const read = async (): Promise<readonly Secret[]> => {
    const lines = file === undefined ? [] : linesOf((await readPrivateFile(file, { logger })).content);
    const all = [...keys, ...lines].filter((key) => key.expose() !== '');
    if (all.length === 0 || all.length > mostKeys)
      throw new DrawbridgeError('invalid_settings', {
        message: `There have to be 1 to ${mostKeys} signing keys, and there are ${all.length}.`,
        fix: 'Give the signing key of each target: --signing-key, or DRAWBRIDGE_SIGNING_KEYS.',
      });
    return all;
  };
  let present = await read();
  let readAt = clock.now();
  return {
    accepted: async () => present,
    async refresh() {
      if (file === undefined || clock.now() - readAt < cooldownMs) return false;
      readAt = clock.now();
      const former = present;
      present = await read();
      return (
        present.length !== former.length || present.some((key, at) => key.expose() !== former[at]?.expose())
      );
    },
  };
}

function linesOf(content: Secret): readonly Secret[] {
  return content
    .expose()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => new Secret(line));
}
