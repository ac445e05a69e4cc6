import { DrawbridgeError } from '../errors/index.ts';

/**
 * The one place where failures of fetch become errors of ours, and those of whatever else opens a connection to a URL. The caller's
 * own abort is `canceled`, our deadline is `timeout`; a URL's query is never repeated, since it may hold a code or a token.
 *
 * @param timeoutMs our deadline, for the message; 0 where there was none
 * @example
 * ```ts
 * import { translateFetchError } from '@drawbridge/kit';
 *
 * const url = new URL('https://sso.acme.example/');
 * try {
 *   await fetch(url);
 * } catch (error) {
 *   throw translateFetchError(error, url, undefined, 0);
 * }
 * ```
 */
export function translateFetchError(
  error: unknown,
  url: URL,
  callerSignal: AbortSignal | undefined,
  timeoutMs: number,
): DrawbridgeError {
  if (error instanceof DrawbridgeError) return error;
  const where = url.origin === 'null' ? undefined : `${url.origin}${url.pathname}`;
  const place = where === undefined ? {} : { where };
  if (callerSignal?.aborted) {
    const late = callerSignal.reason instanceof Error && callerSignal.reason.name === 'TimeoutError';
    return late ? timeoutAt(where, error) : new DrawbridgeError('canceled', { ...place, cause: error });
  }
  const causes = chain(error);
  const names = causes.map((cause) => cause.name);
  const systemCode = causes
    .map((cause) => (cause as NodeJS.ErrnoException).code)
    .find((code) => code !== undefined);
  if (names.some((name) => name.endsWith('TimeoutError'))) {
    const message =
      timeoutMs > 0
        ? `${url.host} did not answer within ${timeoutMs / 1_000} s.`
        : `${url.host} stopped answering.`;
    return new DrawbridgeError('timeout', { ...place, message, cause: error });
  }
  if (systemCode === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return new DrawbridgeError('response_too_large', { ...place, cause: error });
  if (names.includes('AbortError')) return new DrawbridgeError('canceled', { ...place, cause: error });
  if (causes.some(isCertificateFailure)) {
    return new DrawbridgeError('untrusted_certificate', {
      ...place,
      message: `The certificate of ${url.host} is not trusted.`,
      ...(systemCode === undefined ? {} : { saw: systemCode }),
      cause: error,
    });
  }
  const last = causes.at(-1);
  return new DrawbridgeError('unreachable', {
    ...place,
    message: `${url.host} cannot be reached.`,
    saw: systemCode ?? last?.message ?? 'no answer',
    cause: error,
  });
}

/** An answer that came too late, from whom: "the other side" tells nobody where to look. */
export function timeoutAt(where: string | undefined, cause: unknown): DrawbridgeError {
  const host = where === undefined ? undefined : URL.parse(where)?.host;
  return new DrawbridgeError('timeout', {
    ...(host ? { message: `${host} did not answer in time.` } : {}),
    ...(where === undefined ? {} : { where }),
    cause,
  });
}

/** What OpenSSL calls a chain that does not verify, and Node a name that does not match. */
const certificateCodes =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

function isCertificateFailure(error: Error): boolean {
  return certificateCodes.test((error as NodeJS.ErrnoException).code ?? '');
}

function chain(error: unknown): Error[] {
  const found: Error[] = [];
  for (let at = error; at instanceof Error && found.length < 8; at = at.cause) {
    found.push(at);
    if (at instanceof AggregateError) found.push(...at.errors.filter((inner) => inner instanceof Error));
  }
  return found;
}
