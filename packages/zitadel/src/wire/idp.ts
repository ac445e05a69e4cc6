import type { Details, ListDetails, ListQuery } from './common.ts';
import type { IdpLink } from './user.ts';

/** Kinds of identity providers. @see proto/zitadel/idp/v2/idp.proto */
export type IdpType =
  | 'IDP_TYPE_UNSPECIFIED'
  | 'IDP_TYPE_OIDC'
  | 'IDP_TYPE_JWT'
  | 'IDP_TYPE_LDAP'
  | 'IDP_TYPE_OAUTH'
  | 'IDP_TYPE_AZURE_AD'
  | 'IDP_TYPE_GITHUB'
  | 'IDP_TYPE_GITHUB_ES'
  | 'IDP_TYPE_GITLAB'
  | 'IDP_TYPE_GITLAB_SELF_HOSTED'
  | 'IDP_TYPE_GOOGLE'
  | 'IDP_TYPE_APPLE'
  | 'IDP_TYPE_SAML'
  | 'IDP_TYPE_ZITADEL';

/** An identity provider; of its configuration only what tells whose accounts it serves. */
export interface Idp {
  id?: string;
  details?: Details;
  state?: 'IDP_STATE_UNSPECIFIED' | 'IDP_STATE_ACTIVE' | 'IDP_STATE_INACTIVE' | 'IDP_STATE_REMOVED';
  name?: string;
  type?: IdpType;
  config?: { oidc?: { issuer?: string; clientId?: string; scopes?: readonly string[] } };
}

/** What GetIDPByID answers. */
export interface GetIdpByIdResponse {
  idp?: Idp;
}

/** What ListIDPLinks takes. */
export interface ListIdpLinksRequest {
  userId: string;
  query?: ListQuery;
}

/** What ListIDPLinks answers. */
export interface ListIdpLinksResponse {
  details?: ListDetails;
  result?: readonly Partial<IdpLink>[];
}

/** What AddIDPLink takes. */
export interface AddIdpLinkRequest {
  userId: string;
  idpLink: IdpLink;
}

/** What RemoveIDPLink takes. */
export interface RemoveIdpLinkRequest {
  userId: string;
  idpId: string;
  linkedUserId: string;
}
