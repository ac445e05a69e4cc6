import { DrawbridgeError, type HttpClient } from '@drawbridge/kit';
import {
  type CompactJWEHeaderParameters,
  compactDecrypt,
  compactVerify,
  createRemoteJWKSet,
  customFetch,
  errors,
} from 'jose';
import { parseBoundedJson } from '../event/index.ts';
import { type ActionBody, readActionBody } from './bodies.ts';
import { type DecryptionKeys, readDecryptionKeys } from './decryption-keys.ts';

/** How a body is packed. */
export type PayloadFormat = 'json' | 'jwt' | 'jwe';

/** What packed bodies are opened with. */
export interface ActionPayloadsOptions {
  /** URL that identifies the instance, whose keys sign packed bodies. Without it, and `http`, only JSON is taken. */
  readonly issuer?: string;
  /** What reaches the issuer. */
  readonly http?: Pick<HttpClient, 'fetch'>;
  /** Our private keys for encrypted bodies. Default none. */
  readonly decryptionKeys?: DecryptionKeys;
  /** Formats that are taken; narrow it to the target's own. Default all. */
  readonly formats?: readonly PayloadFormat[];
  /** How packed bodies may be signed. Default RS256, which Zitadel signs with unless told otherwise. */
  readonly algorithms?: readonly ('RS256' | 'RS384' | 'RS512' | 'ES256' | 'EdDSA')[];
}

/** An opened body. */
export type ActionPayload = ActionBody & { readonly format: PayloadFormat };

/** Opens the bodies of calls to targets. */
export interface ActionPayloads {
  /**
   * Opens a body whose `ZITADEL-Signature` has been checked: that one covers the body as it came, packed or not.
   *
   * @throws {DrawbridgeError} `webhook_refused` when the inner signature or the encryption is wrong, `webhook_invalid` when
   * it holds nothing that Zitadel sends, `unreachable` or `timeout` when the instance's keys are not to be had
   */
  parse(body: Uint8Array): Promise<ActionPayload>;
}

const largestBody = 1024 * 1024;
const base64url = /^[A-Za-z0-9_-]*$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Makes what opens bodies in every payload type that a target can have. Which one it is, is told by the body itself:
 * Zitadel says `application/json` of each.
 *
 * @throws {DrawbridgeError} `invalid_settings` for a private key that is none
 * @see RFC 7515, RFC 7516; internal/execution/execution.go
 * @example
 * ```ts
 * import { createActionPayloads } from '@drawbridge/events';
 * import { createHttpClient } from '@drawbridge/kit';
 *
 * const payloads = createActionPayloads({ issuer: 'https://sso.acme.example', http: createHttpClient() });
 * const payload = await payloads.parse(new TextEncoder().encode('{"function":"function/preuserinfo","user":{"id":"7"}}'));
 * if (payload.kind === 'function') console.log(payload.body.user.id); // 7
 * ```
 */
export function createActionPayloads(options: ActionPayloadsOptions): ActionPayloads {
  const { issuer, http } = options;
  const packed = issuer !== undefined && http !== undefined;
  const { formats = packed ? ['json', 'jwt', 'jwe'] : ['json'] } = options;
  const algorithms = [...(options.algorithms ?? ['RS256'])];
  const decryptionKeys = readDecryptionKeys(options.decryptionKeys ?? {});
  // An unknown key id causes one fetch, at least 30 s apart.
  const signers = packed
    ? createRemoteJWKSet(new URL(`${issuer}/oauth/v2/keys`), {
        [customFetch]: (url, init) => http.fetch(url, { headers: init.headers, signal: init.signal }),
        cooldownDuration: 30_000,
        cacheMaxAge: 300_000,
        timeoutDuration: 5_000,
      })
    : undefined;

  const verify = async (token: string): Promise<string> => {
    if (!signers) throw invalid('A packed body is not taken here.');
    const { payload } = await compactVerify(token, signers, { algorithms });
    return utf8.decode(payload);
  };

  const decrypt = async (token: string): Promise<string> => {
    const { plaintext } = await compactDecrypt(token, ({ kid }: CompactJWEHeaderParameters) => findKey(kid), {
      keyManagementAlgorithms: ['RSA-OAEP-256', 'ECDH-ES+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return utf8.decode(plaintext);
  };

  const findKey = (kid: string | undefined) => {
    const key = kid === undefined ? undefined : decryptionKeys.get(kid);
    if (key) return key;
    throw new DrawbridgeError('webhook_refused', {
      message: 'The body is encrypted for a key that is not ours.',
    });
  };

  const open = async (text: string, format: PayloadFormat): Promise<string> => {
    try {
      if (format === 'json') return text;
      return await verify(format === 'jwe' ? await decrypt(text) : text);
    } catch (error) {
      throw translate(error);
    }
  };

  return {
    async parse(body) {
      if (body.byteLength > largestBody) throw new DrawbridgeError('too_large');
      const text = decode(body);
      const format = formatOf(text);
      if (format === undefined || !formats.includes(format))
        throw invalid('The body is not in a format that is taken here.');
      const json = parseBoundedJson(await open(text, format));
      const content = 'value' in json ? readActionBody(json.value) : undefined;
      if (!content) throw invalid('The body is no call of Zitadel to a target.');
      return { ...content, format };
    },
  };
}

/** JSON begins with a brace; compact tokens have three parts or five. */
function formatOf(text: string): PayloadFormat | undefined {
  if (/^\s*\{/.test(text)) return 'json';
  const parts = text.trim().split('.', 6);
  if (!parts.every((part) => base64url.test(part)) || parts[0] === '') return undefined;
  return parts.length === 3 ? 'jwt' : parts.length === 5 ? 'jwe' : undefined;
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw invalid('The body is not UTF-8.');
  }
}

function invalid(message: string): DrawbridgeError {
  return new DrawbridgeError('webhook_invalid', { message });
}

/** The one place where failures of jose become ours. What failed is not told apart to the caller. */
function translate(error: unknown): DrawbridgeError {
  if (error instanceof DrawbridgeError) return error;
  if (error instanceof errors.JWKSTimeout)
    return new DrawbridgeError('timeout', {
      message: "The instance's keys were not to be had in time.",
      cause: error,
    });
  // jose's general error is what it says of a server that does not serve its keys: an outage, and no refusal.
  if (error instanceof errors.JOSEError && error.code === errors.JOSEError.code)
    return new DrawbridgeError('unreachable', {
      message: 'The instance does not serve its keys.',
      cause: error,
    });
  if (error instanceof errors.JOSEError)
    return new DrawbridgeError('webhook_refused', {
      message: 'The body is not signed or encrypted as it has to be.',
    });
  if (error instanceof TypeError) return invalid('The body does not open to text.');
  return DrawbridgeError.from(error);
}
