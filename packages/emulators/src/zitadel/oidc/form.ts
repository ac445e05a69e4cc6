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
 * The client a request claims to come from. Basic credentials are URL-decoded (RFC 6749 section 2.3.1) and put those of
 * the form out of force; several methods at once are no error (zitadel/oidc pkg/op/server_http.go).
 *
 * @throws {OidcError} `invalid_request` where no client is named, or for a foreign assertion type
 */
export function presentedClient(request: IncomingMessage, form: Form): PresentedClient {
  const basic = basicCredentials(request.headers.authorization);
  const assertion = form.get('client_assertion') ?? undefined;
  const clientId = basic?.clientId ?? form.get('client_id') ?? '';
  const secret = basic?.secret ?? form.get('client_secret') ?? undefined;
  if (clientId === '' && assertion === undefined) {
    throw new OidcError('invalid_request', 'client_id or client_assertion must be provided');
  }
  const type = form.get('client_assertion_type');
  if (assertion !== undefined && type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
    throw new OidcError('invalid_request', `invalid client_assertion_type ${type ?? ''}`);
  }
  return { clientId, secret, assertion };
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
