import { DrawbridgeError } from '@drawbridge/kit';

/** Paths below an issuer, as Zitadel has them (OpenID Connect Discovery 1.0 section 4 for the first). */
const discoveryPath = '/.well-known/openid-configuration';
const keysPath = '/oauth/v2/keys';

/** The two paths that the relay answers; those of the issuer, so that a name that leads here instead of there works too. */
export interface RelayPaths {
  readonly discovery: string;
  readonly keys: string;
}

/**
 * Where the relay of an issuer has its documents. An issuer's own path stays in front.
 *
 * @throws {DrawbridgeError} `invalid_settings` for a path that no issuer has
 */
export function relayPaths(issuer: string): RelayPaths {
  // Discovery appends to the issuer without its last slash.
  const path = issuer.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/\/$/, '');
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(path)) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'An issuer has neither query nor fragment, and a plain path if any.',
      saw: path,
    });
  }
  return { discovery: `${path}${discoveryPath}`, keys: `${path}${keysPath}` };
}

/** Where an issuer's discovery document is. */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}${discoveryPath}`;
}

/** What is needed of a discovery document, and the document itself. */
export interface Discovery {
  readonly jwksUri: URL;
  /** The document with another place for the keys. */
  withKeysAt(url: string): string;
}

/**
 * Reads a discovery document. It has to be of the issuer, byte for byte, and its keys on the issuer's own origin: the
 * relay must not be led to fetch from elsewhere, and the address that is dialled belongs to that origin alone.
 *
 * @throws {DrawbridgeError} `issuer_mismatch`, `invalid_response`
 * @see OpenID Connect Discovery 1.0 section 4.3
 */
export function readDiscovery(document: unknown, issuer: string): Discovery {
  const where = discoveryUrl(issuer);
  const fields = isObject(document) ? document : {};
  if (typeof fields.issuer !== 'string')
    throw new DrawbridgeError('invalid_response', { message: 'This is no discovery document.', where });
  if (fields.issuer !== issuer) {
    throw new DrawbridgeError('issuer_mismatch', {
      message: `${issuer} says that its issuer is ${fields.issuer}.`,
      where,
      saw: fields.issuer,
    });
  }
  const { jwks_uri: at } = fields;
  const jwksUri = typeof at === 'string' && URL.canParse(at) ? new URL(at) : undefined;
  if (jwksUri?.origin !== new URL(issuer).origin) {
    throw new DrawbridgeError('invalid_response', {
      message: "The keys are not on the issuer's own origin.",
      where,
      saw: jwksUri?.origin ?? 'no URL',
    });
  }
  return { jwksUri, withKeysAt: (url) => JSON.stringify({ ...fields, jwks_uri: url }) };
}

/**
 * Looks whether a text is a JSON Web Key Set. What the keys are is for those who verify with them.
 *
 * @throws {DrawbridgeError} `invalid_response`
 * @see RFC 7517 section 5
 */
export function requireKeySet(text: string, where: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Told below, without the parser's error, which quotes the text.
  }
  const keys = isObject(value) ? value.keys : undefined;
  if (!Array.isArray(keys) || !keys.every((key) => isObject(key) && typeof key.kty === 'string'))
    throw new DrawbridgeError('invalid_response', { message: 'The issuer serves no set of keys.', where });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
