import { isRecord, readEventBody, type ZitadelEvent } from '../event/index.ts';

/** What Zitadel tells of a user while it makes a token. Keys as Zitadel writes them, which its documentation does not. */
export interface FunctionUser {
  readonly id: string;
  readonly creation_date?: string;
  readonly change_date?: string;
  /** The user's organization. */
  readonly resource_owner?: string;
  readonly sequence?: number;
  /** 1 active, 2 inactive, 3 deleted, 4 locked, 5 initial. */
  readonly state?: number;
  readonly username?: string;
  readonly preferred_login_name?: string;
  readonly human?: Readonly<Record<string, unknown>>;
  readonly machine?: { readonly name?: string; readonly description?: string };
}

/** An authorization of that user; only those of the projects in the token's role audience are told. */
export interface FunctionGrant {
  readonly id: string;
  readonly roles?: readonly string[];
  readonly project_id?: string;
  readonly project_name?: string;
  readonly user_id?: string;
  readonly resource_owner?: string;
  readonly org_name?: string;
  readonly org_primary_domain?: string;
  readonly [field: string]: unknown;
}

/**
 * What a function's target is called with.
 *
 * @see internal/api/oidc/userinfo.go, internal/query/user.go
 */
export interface FunctionBody {
  /** `preaccesstoken` runs for JWT access tokens only. */
  readonly function: 'function/preuserinfo' | 'function/preaccesstoken' | 'function/presamlresponse';
  /** Claims so far. */
  readonly userinfo?: Readonly<Record<string, unknown>>;
  readonly user: FunctionUser;
  /** Values in base64. */
  readonly user_metadata?: readonly { readonly key: string; readonly value: string }[];
  readonly org?: { readonly id?: string; readonly name?: string; readonly primary_domain?: string };
  readonly user_grants?: readonly FunctionGrant[];
  readonly application?: { readonly client_id?: string };
}

/** What a function's target may answer for a token. Claims that exist stay; those under `urn:zitadel:iam` are dropped. */
export interface FunctionReply {
  readonly append_claims?: readonly { readonly key: string; readonly value: unknown }[];
  /** Values in base64. Zitadel stores them for good: prefer claims. */
  readonly set_user_metadata?: readonly { readonly key: string; readonly value: string }[];
  readonly append_log_claims?: readonly string[];
}

/** What the target of an API call is called with, before it or after it. */
export interface CallBody {
  /** As in `/zitadel.user.v2.UserService/CreateUser`. */
  readonly fullMethod: string;
  readonly instanceID?: string;
  readonly orgID?: string;
  readonly projectID?: string;
  readonly userID?: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/** A body that was read, by what Zitadel calls for. */
export type ActionBody =
  | { readonly kind: 'function'; readonly body: FunctionBody }
  | { readonly kind: 'call'; readonly body: CallBody }
  | { readonly kind: 'event'; readonly event: ZitadelEvent };

const functions = ['function/preuserinfo', 'function/preaccesstoken', 'function/presamlresponse'];

/** Tells what a parsed body is; undefined when it is nothing that Zitadel sends to targets. */
export function readActionBody(value: unknown): ActionBody | undefined {
  // An access token or an id_token is signed by the same keys, and is no call.
  if (!isRecord(value) || 'iss' in value || 'aud' in value || 'jti' in value) return undefined;
  if (typeof value.function === 'string') {
    const known =
      functions.includes(value.function) && isRecord(value.user) && typeof value.user.id === 'string';
    return known ? { kind: 'function', body: value as unknown as FunctionBody } : undefined;
  }
  if (typeof value.fullMethod === 'string') return { kind: 'call', body: value as unknown as CallBody };
  const event = readEventBody(value);
  return event && { kind: 'event', event };
}
