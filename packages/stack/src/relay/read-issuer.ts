import { DrawbridgeError, type Fetch, readJson, readText } from '@drawbridge/kit';
import { discoveryUrl, readDiscovery, requireKeySet } from './discovery.ts';

/** What the relay serves, as it was read. */
export interface Reading {
  /** The discovery document, its keys at the relay. */
  readonly discovery: string;
  /** The key set, as it came. */
  readonly keys: string;
  /** How long the issuer lets it be kept, in milliseconds; undefined where it says nothing. */
  readonly maxAgeMs: number | undefined;
}

/** Whose documents are read, and where the relay has the keys. */
export interface IssuerOptions {
  readonly issuer: string;
  readonly keysUrl: string;
  readonly fetch: Fetch;
}

/**
 * Reads an issuer's discovery document and the keys that it points to.
 *
 * @throws {DrawbridgeError} `instance_not_found`, `issuer_mismatch`, `invalid_response`, and as the fetch
 */
export async function readIssuer(
  { issuer, keysUrl, fetch }: IssuerOptions,
  signal: AbortSignal,
): Promise<Reading> {
  const at = discoveryUrl(issuer);
  const first = await get(fetch, at, signal);
  const discovery = readDiscovery(await readJson(first), issuer);
  const second = await get(fetch, discovery.jwksUri.href, signal);
  const keys = await readText(second);
  requireKeySet(keys, discovery.jwksUri.href);
  // The keys decide: they are what changes, and what has to be noticed.
  return { discovery: discovery.withKeysAt(keysUrl), keys, maxAgeMs: maxAgeOf(second) };
}

async function get(fetch: Fetch, url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } });
  if (response.status === 200) return response;
  await response.body?.cancel();
  if (response.status === 404) throw new DrawbridgeError('instance_not_found', { where: url, saw: '404' });
  throw new DrawbridgeError('unreachable', {
    message: 'The issuer does not serve its documents.',
    where: url,
    saw: String(response.status),
  });
}

/** `max-age` in milliseconds; nothing where caching is forbidden or not spoken of (RFC 9111 section 5.2.2). */
function maxAgeOf(response: Response): number | undefined {
  const directives = (response.headers.get('cache-control') ?? '').toLowerCase().split(/\s*,\s*/);
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0;
  const seconds = directives.map((directive) => /^max-age="?(\d{1,9})"?$/.exec(directive)?.[1]).find(Boolean);
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
