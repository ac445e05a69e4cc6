/** The error codes of OAuth 2.0 that the endpoints use. */
export type OidcErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'access_denied'
  | 'server_error'
  | 'authorization_pending'
  | 'expired_token'
  | 'interaction_required'
  | 'login_required';

/**
 * An error of an OIDC endpoint. A plain one is HTTP 400 whatever it says, `invalid_client` and `unauthorized_client`
 * included, and `server_error` is 500; errors from inside keep the status of their kind
 * (internal/api/oidc/error.go, zitadel/oidc pkg/op/error.go).
 */
export class OidcError extends Error {
  override readonly name = 'OidcError';
  readonly error: OidcErrorCode;
  readonly status: number;

  constructor(error: OidcErrorCode, description: string, status = error === 'server_error' ? 500 : 400) {
    super(description);
    this.error = error;
    this.status = status;
  }
}
