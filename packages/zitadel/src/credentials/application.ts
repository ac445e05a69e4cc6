import type { KeyObject } from 'node:crypto';
import { DrawbridgeError, Secret } from '@drawbridge/kit';
import { isId, readKey } from './parse.ts';

/** An application's key: it signs in to introspection, and to nothing else of ours. */
export interface ApplicationKey {
  readonly type: 'application';
  readonly keyId: string;
  readonly clientId: string;
  readonly privateKey: Secret<KeyObject>;
}

/**
 * Reads the text of an application key file.
 *
 * @param where the file's path, for the error
 * @throws {DrawbridgeError} `invalid_key_file`
 */
export function parseApplicationKey(text: string, where?: string): ApplicationKey {
  const refused = (message: string) =>
    new DrawbridgeError('invalid_key_file', {
      message,
      fix: 'Create a key for the API application in Zitadel, whose authentication method is Private Key JWT.',
      ...(where === undefined ? {} : { where }),
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused('The file is not JSON.');
  }
  if (typeof value !== 'object' || value === null) throw refused('The file is JSON, but not an object.');
  const { type, keyId, clientId, key } = value as Record<string, unknown>;
  if (type === 'serviceaccount') {
    throw refused('This is the key of a service account; introspection needs the key of an application.');
  }
  if (type !== 'application') throw refused('Its `type` is not `application`.');
  if (!isId(keyId)) throw refused('It has no `keyId`.');
  if (!isId(clientId)) throw refused('It has no `clientId`.');
  if (typeof key !== 'string') throw refused('It has no `key`.');
  return { type, keyId, clientId, privateKey: new Secret(readKey(key, where)) };
}
