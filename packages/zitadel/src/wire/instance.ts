import type { PaginationRequest, PaginationResponse, TextQueryMethod, Timestamp } from './common.ts';

/** @see proto/zitadel/instance/v2/instance.proto */
export type InstanceState =
  | 'STATE_UNSPECIFIED'
  | 'STATE_CREATING'
  | 'STATE_RUNNING'
  | 'STATE_STOPPING'
  | 'STATE_STOPPED';

/** The instance: one tenant of a Zitadel installation, with its own issuer. */
export interface Instance {
  id?: string;
  changeDate?: Timestamp;
  creationDate?: Timestamp;
  state?: InstanceState;
  name?: string;
  /** Zitadel's own version, as in `v4.13.1`. */
  version?: string;
  customDomains?: readonly CustomDomain[];
}

/** A domain that selects the instance. */
export interface CustomDomain {
  instanceId?: string;
  creationDate?: Timestamp;
  domain?: string;
  primary?: boolean;
  generated?: boolean;
}

/** A domain that may be the public name of the instance but never selects it. */
export interface TrustedDomain {
  instanceId?: string;
  creationDate?: Timestamp;
  domain?: string;
}

/** Names an instance; empty means the one that was called. */
export interface InstanceIdRequest {
  instanceId?: string;
}

/** What GetInstance answers. */
export interface GetInstanceResponse {
  instance?: Instance;
}

/** What ListCustomDomains takes. */
export interface ListCustomDomainsRequest {
  instanceId?: string;
  pagination?: PaginationRequest;
  sortingColumn?:
    | 'DOMAIN_FIELD_NAME_UNSPECIFIED'
    | 'DOMAIN_FIELD_NAME_DOMAIN'
    | 'DOMAIN_FIELD_NAME_PRIMARY'
    | 'DOMAIN_FIELD_NAME_GENERATED'
    | 'DOMAIN_FIELD_NAME_CREATION_DATE';
  filters?: readonly {
    domainFilter?: DomainFilter;
    generatedFilter?: boolean;
    primaryFilter?: boolean;
  }[];
}

/** Comparison of a domain. */
export interface DomainFilter {
  domain?: string;
  method?: TextQueryMethod;
}

/** What ListCustomDomains answers. */
export interface ListCustomDomainsResponse {
  domains?: readonly CustomDomain[];
  pagination?: PaginationResponse;
}

/** What ListTrustedDomains takes. */
export interface ListTrustedDomainsRequest {
  instanceId?: string;
  pagination?: PaginationRequest;
  sortingColumn?:
    | 'TRUSTED_DOMAIN_FIELD_NAME_UNSPECIFIED'
    | 'TRUSTED_DOMAIN_FIELD_NAME_DOMAIN'
    | 'TRUSTED_DOMAIN_FIELD_NAME_CREATION_DATE';
  filters?: readonly { domainFilter?: DomainFilter }[];
}

/** The list's name is singular on the wire. */
export interface ListTrustedDomainsResponse {
  trustedDomain?: readonly TrustedDomain[];
  pagination?: PaginationResponse;
}
