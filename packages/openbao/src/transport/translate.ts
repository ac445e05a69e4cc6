import type { DrawbridgeError, ErrorCode } from '@drawbridge/kit';
import { OpenbaoError } from './error.ts';

/** An answer that is not a success, its body read. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Where it came from, without query. */
  readonly where: string;
  /** Whether it answers a sign-in: then a refusal is about who signs in, whatever its status. */
  readonly isLogin: boolean;
  /** Values that must not be repeated: the token, and what the request held. */
  readonly secrets: readonly string[];
}

/** The one place where OpenBao's failures become errors of ours. */
export function translateAnswer(answer: FailedAnswer): DrawbridgeError {
  const { status, where, headers } = answer;
  const said = read(answer);
  if (!said) {
    const saw = `${status} ${headers.get('content-type') ?? 'without a content type'}`;
    return new OpenbaoError(codeOfProxy(status), { status, where, saw, ...waitOf(answer) });
  }
  const texts = said.errors;
  const text = texts.join('; ');
  const code = said.isEnvelope
    ? codeOfEnvelope(said)
    : answer.isLogin
      ? codeOfLogin(status, text)
      : codeOf(status, texts);
  const quote = text === '' ? (said.warnings[0] ?? `${status}`) : text;
  const { version } = said;
  return new OpenbaoError(code, { status, where, texts, version, saw: plain(quote), ...waitOf(answer) });
}

/** Go lists several errors in a form of its own, also where there is only one. */
function plain(text: string): string {
  return text
    .replace(/\d+ errors? occurred:\s*/g, '')
    .replace(/\s*\* /g, ' ')
    .trim();
}

function codeOf(status: number, texts: readonly string[]): ErrorCode {
  const text = texts.join('; ');
  switch (status) {
    case 400:
      return codeOfBadRequest(text);
    case 403:
      return 'openbao_denied';
    case 404:
      // Three kinds of 404: nothing there, nothing mounted there, and (see below) an envelope.
      if (text.includes('no handler for route') || text.includes('namespace not found'))
        return 'openbao_missing_mount';
      return text === '' ? 'openbao_not_found' : 'openbao_unsupported';
    case 405:
      return 'openbao_unsupported';
    case 413:
      return 'too_large';
    case 429:
      return 'rate_limited';
    case 307:
      return 'openbao_standby';
    case 502:
      return 'rate_limited';
    case 503:
      return text.includes('sealed') ? 'openbao_sealed' : 'openbao_standby';
    default:
      return status >= 500 ? 'openbao_failed' : 'invalid_response';
  }
}

function codeOfBadRequest(text: string): ErrorCode {
  if (/check-and-set parameter did not match|check-and-set parameter mismatch/.test(text))
    return 'openbao_cas_conflict';
  if (text.includes('path is already in use')) return 'openbao_already_exists';
  if (/No (?:auth|secret) engine/i.test(text)) return 'openbao_missing_mount';
  if (text.includes('Upgrading from non-versioned to versioned')) return 'openbao_upgrading';
  if (/error checking (?:oidc discovery|jwks) URL/.test(text)) return 'openbao_keys_unreachable';
  return 'openbao_invalid_argument';
}

/** A failed sign-in is mostly 400; OpenBao's own trouble with the identity provider's keys is too, and is nobody's fault here. */
function codeOfLogin(status: number, text: string): ErrorCode {
  if (/fetching keys|keyset configuration error|error configuring token validator/.test(text))
    return 'openbao_keys_unreachable';
  return status === 400 || status === 403 ? 'openbao_login_refused' : codeOf(status, [text]);
}

/** The envelope of a success with status 404: a version that was deleted, or a path of KV version 1. */
function codeOfEnvelope(said: Said): ErrorCode {
  return said.version !== undefined ? 'openbao_deleted_version' : 'openbao_unsupported';
}

/** An answer that OpenBao did not write, or wrote without a body. */
function codeOfProxy(status: number): ErrorCode {
  if (status === 307) return 'openbao_standby';
  if (status === 401 || status === 403) return 'openbao_denied';
  if (status === 404) return 'openbao_not_found';
  if (status === 405 || status === 415) return 'openbao_unsupported';
  if (status === 413) return 'too_large';
  if (status === 429) return 'rate_limited';
  if (status === 502 || status === 503 || status === 504) return 'unreachable';
  return status >= 500 ? 'openbao_failed' : 'invalid_response';
}

function waitOf({ status, headers }: FailedAnswer): { readonly retryAfterSeconds?: number } {
  if (status !== 429 && status !== 503) return {};
  const asked = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(asked) && asked >= 0) return { retryAfterSeconds: asked };
  // OpenBao sends no Retry-After unless told to; its quotas count by the second unless told otherwise.
  return status === 429 ? { retryAfterSeconds: 1 } : {};
}

interface Said {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly isEnvelope: boolean;
  /** Which version of a secret the envelope tells of. */
  readonly version: number | undefined;
}

function read({ body, secrets }: FailedAnswer): Said | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { errors, data, warnings, request_id } = value as Readonly<Record<string, unknown>>;
  const isEnvelope = !Array.isArray(errors) && typeof request_id === 'string';
  if (!Array.isArray(errors) && !isEnvelope) return undefined;
  const metadata =
    typeof data === 'object' && data !== null && 'metadata' in data ? data.metadata : undefined;
  return {
    errors: textsOf(errors, secrets),
    warnings: textsOf(warnings, secrets),
    isEnvelope,
    version: versionOf(metadata),
  };
}

function versionOf(metadata: unknown): number | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('version' in metadata)) return undefined;
  return typeof metadata.version === 'number' ? metadata.version : undefined;
}

function textsOf(list: unknown, secrets: readonly string[]): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list
    .filter((one) => typeof one === 'string')
    .map((one) => {
      let text = one;
      for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, '[redacted]');
      return text;
    });
}
