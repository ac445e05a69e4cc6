import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DrawbridgeError, type Logger, Secret, silentLogger } from '@drawbridge/kit';
import { type NamedKey, passingKey, readKey } from './keys.ts';

/** Where a sealed value belongs: it opens nowhere else. */
export interface SealedPlace {
  /** Table and column, such as `web_sessions.tokens`. */
  readonly purpose: string;
  /** Id of the row. */
  readonly row: string;
}

export interface SealerOptions {
  /** Base64 of 32 bytes each. The first seals, all open. None: a key that ends with the process. */
  readonly keys: readonly Secret[];
  /** Told once when there is no key. */
  readonly logger?: Logger;
}

/** Seals secrets that the database keeps. */
export interface Sealer {
  /** False where the key ends with the process: then only what may end with it is to be sealed. */
  readonly lasting: boolean;
  /** @throws {DrawbridgeError} `invalid_settings` unless {@link Sealer.lasting} */
  requireLasting(): void;
  /** The value as `sealed:v1:{key id}:{nonce}:{ciphertext and tag}`, each part base64url. */
  seal(value: Secret, place: SealedPlace): string;
  /** @throws {DrawbridgeError} `seal_broken` when it was changed, moved, or sealed with a key that is not here */
  open(sealed: string, place: SealedPlace): Secret;
  /** Whether it is sealed with a key that is no longer the first. */
  needsReseal(sealed: string): boolean;
}

const nonceBytes = 12;
const tagBytes = 16;
const form = /^sealed:v1:([\w-]{11}):([\w-]{16}):([\w-]{22,})$/;

/** Whether a text is a sealed value, by its form alone. */
export function isSealed(text: string): boolean {
  return form.test(text);
}

/**
 * Makes a sealer: AES-256-GCM with a nonce of chance for each value. Purpose and row id are authenticated with it, so
 * that a value that is moved to another row or column does not open there.
 *
 * @throws {DrawbridgeError} `invalid_settings` for a key of another form
 * @see NIST SP 800-38D
 */
export function createSealer(options: SealerOptions): Sealer {
  const { logger = silentLogger } = options;
  const lasting = options.keys.length > 0;
  const keys = lasting ? options.keys.map(readKey) : [passingKey()];
  if (!lasting) {
    logger.warn(
      { component: 'sealing' },
      'DRAWBRIDGE_SECRET_KEY is not set: sign-ins end with this process, and secrets can be given by reference only',
    );
  }
  const byId = new Map(keys.map((key) => [key.id, key]));
  const [first] = keys as [NamedKey];
  return {
    lasting,
    requireLasting() {
      if (lasting) return;
      throw new DrawbridgeError('invalid_settings', {
        message: 'There is no lasting key to seal a secret with.',
        fix: 'Set DRAWBRIDGE_SECRET_KEY to the output of: openssl rand -base64 32',
      });
    },
    seal(value, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', first.bytes.expose(), nonce);
      cipher.setAAD(associated(first.id, place));
      const data = [cipher.update(value.expose(), 'utf8'), cipher.final(), cipher.getAuthTag()];
      return `sealed:v1:${first.id}:${nonce.toString('base64url')}:${Buffer.concat(data).toString('base64url')}`;
    },
    open(sealed, place) {
      const [, id = '', nonce = '', body = ''] = form.exec(sealed) ?? [];
      const key = byId.get(id);
      const bytes = Buffer.from(body, 'base64url');
      // Text that decodes to the same bytes is not the same text: one value has one form.
      if (!key || bytes.toString('base64url') !== body || bytes.length < tagBytes) throw broken(place, key);
      const options = { authTagLength: tagBytes };
      const decipher = createDecipheriv(
        'aes-256-gcm',
        key.bytes.expose(),
        Buffer.from(nonce, 'base64url'),
        options,
      );
      decipher.setAAD(associated(id, place));
      decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
      try {
        const text = [decipher.update(bytes.subarray(0, bytes.length - tagBytes)), decipher.final()];
        return new Secret(Buffer.concat(text).toString('utf8'));
      } catch {
        throw broken(place, key); // the library says no more than that it failed
      }
    },
    needsReseal: (sealed) => form.exec(sealed)?.[1] !== first.id,
  };
}

function associated(keyId: string, { purpose, row }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify(['drawbridge sealed v1', keyId, purpose, row]));
}

function broken({ purpose }: SealedPlace, key: NamedKey | undefined): DrawbridgeError {
  return new DrawbridgeError('seal_broken', {
    where: purpose,
    why: key
      ? 'It was changed, or belongs to another row.'
      : 'The key it was sealed with is not among those given.',
  });
}
