import type { IncomingMessage } from 'node:http';
import { OidcError } from './errors.ts';

/** Parameters of an OIDC request: query and form merged, whatever the method (zitadel/oidc pkg/op/server_http.go). */
export type Form = URLSearchParams;

/** Credentials of a client as they were presented. */
export interface PresentedClient {
  readonly clientId: string;
  readonly secret: string | undefined;
  readonly assertion: string | undefined;
}

export function parseForm(query: URLSearchParams, body: string, contentType: string | undefined): Form {
  const form = new URLSearchParams(query);
  if (contentType?.startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(body)) form.append(name, value);
  }
  return form;
}

/**
 * The client a request claims to come from. Basic credentials are URL-decoded (RFC 6749 section 2.3.1).
 *
 * @throws {OidcError} `invalid_request` for more than one method or a foreign assertion type
 */
export function presentedClient(request: IncomingMessage, form: Form): PresentedClient | undefined {
  const basic = basicCredentials(request.headers.authorization);
  const assertion = form.get('client_assertion') ?? undefined;
  const secret = form.get('client_secret') ?? undefined;
  if ([basic, assertion, secret].filter((method) => method !== undefined).length > 1) {
    throw new OidcError('invalid_request', 'multiple client authentication methods');
  }
  if (assertion !== undefined) {
    const type = form.get('client_assertion_type');
    if (type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
      throw new OidcError('invalid_request', `invalid client_assertion_type ${type ?? ''}`);
    }
    return { clientId: form.get('client_id') ?? '', secret: undefined, assertion };
  }
  if (basic) return { ...basic, assertion: undefined };
  const clientId = form.get('client_id');
  return clientId ? { clientId, secret, assertion: undefined } : undefined;
}

function basicCredentials(header: string | undefined): { clientId: string; secret: string } | undefined {
  if (!header || !/^basic /i.test(header)) return undefined;
  const text = Buffer.from(header.slice(6), 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) throw new OidcError('invalid_client', 'invalid basic auth header');
  try {
    return {
      clientId: formDecode(text.slice(0, colon)),
      secret: formDecode(text.slice(colon + 1)),
    };
  } catch (cause) {
    throw new OidcError(
      'invalid_client',
      cause instanceof URIError ? 'invalid basic auth header' : 'invalid client',
    );
  }
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** The bearer token of a request. */
export function bearerToken(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization;
  return header && /^bearer /i.test(header) ? header.slice(7).trim() : undefined;
}
