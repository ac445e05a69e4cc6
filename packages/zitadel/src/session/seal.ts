import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { DrawbridgeError, Secret } from '@drawbridge/kit';
import type { Seal } from './file-vault.ts';

/** 32 MiB and about a tenth of a second a guess (OWASP's second choice of parameters). */
const cost = { N: 2 ** 15, r: 8, p: 3 } as const;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const magic = 'drawbridge-sealed-1';
/** Keys kept in memory: a process reads the same file again and again while it waits. */
const mostKeys = 4;

/**
 * Seals with a passphrase: scrypt for the key, AES-256-GCM for the text. Each text has its own salt and nonce; the name
 * is authenticated with it, so that files cannot be swapped.
 *
 * @see RFC 7914, NIST SP 800-38D
 */
export function createSeal(passphrase: Secret<string>): Seal {
  if (passphrase.expose() === '') {
    throw new DrawbridgeError('invalid_settings', { message: 'The passphrase of the session is empty.' });
  }
  const keys = new Map<string, Promise<Secret<Buffer>>>();
  const keyFor = (salt: Buffer): Promise<Secret<Buffer>> => {
    const name = salt.toString('base64');
    let key = keys.get(name);
    if (!key) {
      if (keys.size >= mostKeys) keys.clear();
      key = derive(passphrase, salt);
      keys.set(name, key);
    }
    return key;
  };
  return {
    async seal(text, name) {
      const salt = randomBytes(saltBytes);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', (await keyFor(salt)).expose(), nonce);
      cipher.setAAD(Buffer.from(name));
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${magic}.${Buffer.concat([salt, nonce, cipher.getAuthTag(), data]).toString('base64')}\n`;
    },
    async open(sealed, name) {
      const [head, body = '', ...more] = sealed.trim().split('.');
      const bytes = Buffer.from(body, 'base64');
      if (head !== magic || more.length > 0 || bytes.length < saltBytes + nonceBytes + tagBytes) {
        throw unreadable('The stored session is not encrypted in a way that is known here.');
      }
      const nonceEnd = saltBytes + nonceBytes;
      const tagEnd = nonceEnd + tagBytes;
      const key = await keyFor(bytes.subarray(0, saltBytes));
      const decipher = createDecipheriv('aes-256-gcm', key.expose(), bytes.subarray(saltBytes, nonceEnd), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(name));
      decipher.setAuthTag(bytes.subarray(nonceEnd, tagEnd));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]).toString('utf8');
      } catch {
        throw unreadable('The stored session does not open with this passphrase.');
      }
    },
  };
}

function derive(passphrase: Secret<string>, salt: Buffer): Promise<Secret<Buffer>> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.expose(), salt, 32, { ...cost, maxmem: 128 * 1024 * 1024 }, (error, key) => {
      if (error) reject(error);
      else resolve(new Secret(key));
    });
  });
}

function unreadable(message: string): DrawbridgeError {
  return new DrawbridgeError('session_unreadable', { message });
}
