import type { IncomingHttpHeaders } from 'node:http';
import type { State } from './projections/index.ts';

/** What a request's headers say about the instance it is for. */
export interface RequestOrigin {
  /** Scheme, public host and the port as given: the issuer of everything this request makes. */
  readonly issuer: string;
  /** Without port: what selected the instance. */
  readonly domain: string;
}

/** Why no instance answers. The texts differ by edge. */
export interface UnknownInstance {
  readonly id: 'QUERY-1kIjX' | 'QUERY-IuGh1' | 'INST-zWq7X';
  readonly origin: string;
}

/**
 * Finds the instance of a request (internal/api/http/middleware/{instance,origin}_interceptor.go, request_context.go).
 * The port is dropped to look the domain up and kept in the issuer, byte for byte as the caller wrote it; a public host
 * other than the instance's must be one of its custom or trusted domains.
 */
export function resolveInstance(headers: IncomingHttpHeaders, state: State): RequestOrigin | UnknownInstance {
  const instanceHost = firstOf(headers, instanceHostHeaders) ?? headers.host ?? '';
  const publicHost = firstOf(headers, ['x-zitadel-public-host']) ?? instanceHost;
  const issuer = `${schemeOf(headers)}://${publicHost}`;
  if (instanceHost === '') return { id: 'INST-zWq7X', origin: issuer };
  const domain = withoutPort(instanceHost);
  if (!state.customDomains.has(domain)) return { id: 'QUERY-1kIjX', origin: issuer };
  const publicDomain = withoutPort(publicHost);
  if (
    publicDomain !== domain &&
    !state.customDomains.has(publicDomain) &&
    !state.trustedDomains.has(publicDomain)
  ) {
    return { id: 'QUERY-IuGh1', origin: issuer };
  }
  return { issuer, domain };
}

/** What the plain HTTP side says of a host it does not know. */
export function unknownInstanceText(unknown: UnknownInstance, externalDomain: string): string {
  return (
    `unable to set instance using origin ${unknown.origin} (ExternalDomain is ${externalDomain}): ` +
    `ID=${unknown.id} Message=Instance not found\n`
  );
}

/** Headers that may name the instance, strongest first (cmd/defaults.yaml, `InstanceHostHeaders` and older ones). */
const instanceHostHeaders = [
  'x-zitadel-instance-host',
  'forwarded',
  'x-zitadel-forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
] as const;

function firstOf(headers: IncomingHttpHeaders, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = single(headers[name]);
    if (!value) continue;
    const host = forwardedSyntax.has(name) ? forwardedPart(value, 'host') : value;
    if (host) return host;
  }
  return undefined;
}

const forwardedSyntax = new Set(['forwarded', 'x-zitadel-forwarded', 'x-forwarded-for']);

/** One part of a header in the syntax of RFC 7239, of the first hop. */
function forwardedPart(value: string, part: string): string | undefined {
  for (const pair of (value.split(',')[0] ?? '').split(';')) {
    const [name, text] = pair.trim().split('=');
    if (name?.toLowerCase() === part && text) return text.replace(/^"|"$/g, '');
  }
  return undefined;
}

function schemeOf(headers: IncomingHttpHeaders): string {
  const forwarded = single(headers.forwarded);
  const scheme =
    single(headers['x-zitadel-public-proto']) ??
    single(headers['x-forwarded-proto']) ??
    (forwarded === undefined ? undefined : forwardedPart(forwarded, 'proto'));
  return scheme === 'https' ? 'https' : 'http';
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

function withoutPort(host: string): string {
  return host
    .replace(/:\d*$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
}
