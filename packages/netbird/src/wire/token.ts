/** A personal access token without its secret. @see shared/management/http/api/openapi.yml */
export interface TokenBody {
  readonly id: string;
  readonly name: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly expiration_date: string;
  readonly last_used?: string;
}

/** Body of POST /api/users/{id}/tokens. */
export interface CreateTokenBody {
  readonly name: string;
  /** Days, 1 to 365. */
  readonly expires_in: number;
}

/** Answer to it: the only time that the token is shown. */
export interface CreatedTokenBody {
  readonly plain_token: string;
  readonly personal_access_token: TokenBody;
}
