/** What answers hold whose types nobody but the contract needs. */
export interface LooseAnswer {
  readonly applicationId?: string;
  readonly creationDate?: string;
  readonly changeDate?: string;
  readonly deletionDate?: string;
  readonly oidcConfiguration?: { readonly clientId?: string; readonly clientSecret?: string };
  readonly apiConfiguration?: { readonly clientId?: string; readonly clientSecret?: string };
  readonly keyDetails?: string;
  readonly clientSecret?: string;
  readonly sessionToken?: string;
  readonly administrators?: readonly {
    readonly user?: { readonly id?: string };
    readonly roles?: readonly string[];
  }[];
}

/** Fields of OAuth answers. */
export interface OAuthAnswer {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly expires_in?: number;
  readonly scope?: string;
  readonly error?: string;
  readonly error_description?: string;
  readonly active?: boolean;
  readonly [claim: string]: unknown;
}

/** What ListEvents answers, as far as the contract looks. */
export interface ListedEvents {
  readonly events?: readonly {
    readonly sequence?: string;
    readonly creationDate?: string;
    readonly type?: { readonly type?: string };
  }[];
}

/** What ListMyMemberships answers, as far as the contract looks. */
export interface ListedMemberships {
  readonly details?: { readonly totalResult?: string };
  readonly result?: readonly {
    readonly userId?: string;
    readonly roles?: readonly string[];
    readonly iam?: boolean;
    readonly orgId?: string;
    readonly projectId?: string;
    readonly projectGrantId?: string;
  }[];
}

/** An answer that is an error. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number;
  readonly code: string;
  /** Id at the end of the message, such as COMMAND-5gunjw0cd7. */
  readonly id: string;
  readonly hasDetail: boolean;

  constructor(status: number, code: string, message: string, hasDetail: boolean) {
    super(`${status} ${code}: ${message}`);
    this.status = status;
    this.code = code;
    this.id = /\(([\w-]+)\)$/.exec(message)?.[1] ?? '';
    this.hasDetail = hasDetail;
  }
}
