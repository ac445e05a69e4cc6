import { createHash, randomBytes } from 'node:crypto';
import { DrawbridgeError, Secret } from '@drawbridge/kit';

const keyBytes = 32;

/** Where keys may be given. */
export interface KeyOptions {
  /** Base64 of 32 bytes each, the present one first; wins over the environment. */
  readonly secretKeys?: readonly Secret[];
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The keys that the settings give: `DRAWBRIDGE_SECRET_KEY`, and after it those of the comma list
 * `DRAWBRIDGE_SECRET_KEY_PREVIOUS`, which still open what they sealed. None is no mistake.
 */
export function secretKeysOf({ secretKeys, env = process.env }: KeyOptions): readonly Secret[] {
  if (secretKeys) return secretKeys;
  const present = env.DRAWBRIDGE_SECRET_KEY?.trim();
  const previous = env.DRAWBRIDGE_SECRET_KEY_PREVIOUS?.split(',') ?? [];
  if (!present && previous.some((key) => key.trim() !== ''))
    throw new DrawbridgeError('invalid_settings', {
      message: 'DRAWBRIDGE_SECRET_KEY_PREVIOUS is set without DRAWBRIDGE_SECRET_KEY.',
    });
  return [present ?? '', ...previous]
    .map((key) => key.trim())
    .filter((key) => key !== '')
    .map((key) => new Secret(key));
}

/** A key with the name that sealed values carry: a hash, which tells nothing of the key. */
export interface NamedKey {
  readonly id: string;
  readonly bytes: Secret<Buffer>;
}

/** @throws {DrawbridgeError} `invalid_settings` when it is not the base64 of 32 bytes */
export function readKey(text: Secret): NamedKey {
  const exposed = text.expose();
  const bytes = Buffer.from(exposed, 'base64');
  if (bytes.length !== keyBytes || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(exposed)) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'A secret key is not the base64 of 32 bytes.',
      fix: 'Make one with: openssl rand -base64 32',
    });
  }
  return nameKey(bytes);
}

/** A key that lives as long as this process. */
export function passingKey(): NamedKey {
  return nameKey(randomBytes(keyBytes));
}

function nameKey(bytes: Buffer): NamedKey {
  const id = createHash('sha256').update('drawbridge key id').update(bytes).digest('base64url').slice(0, 11);
  return { id, bytes: new Secret(bytes) };
}
