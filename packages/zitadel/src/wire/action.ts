import type {
  Bytes,
  Duration,
  Empty,
  InIdsFilter,
  PaginationRequest,
  PaginationResponse,
  TextFilterMethod,
  Timestamp,
  TimestampFilter,
} from './common.ts';

/** How a target's body is packed; absent means JSON. JWT and JWE came after 4.7. */
export type PayloadType =
  | 'PAYLOAD_TYPE_UNSPECIFIED'
  | 'PAYLOAD_TYPE_JSON'
  | 'PAYLOAD_TYPE_JWT'
  | 'PAYLOAD_TYPE_JWE';

/** How a target is called; exactly one field is set. @see proto/zitadel/action/v2/target.proto */
export interface TargetType {
  /** The status of the answer counts, its body does not. */
  restWebhook?: { interruptOnError?: boolean };
  /** The body of the answer is used. */
  restCall?: { interruptOnError?: boolean };
  /** Not waited for. */
  restAsync?: Empty;
}

/** What CreateTarget takes. */
export interface CreateTargetRequest extends TargetType {
  name: string;
  /** More than zero, at most 270 s. */
  timeout: Duration;
  endpoint: string;
  payloadType?: PayloadType;
}

/** What CreateTarget answers. */
export interface CreateTargetResponse {
  id?: string;
  creationDate?: Timestamp;
  signingKey?: string;
}

/** What UpdateTarget takes; absent fields stay as they are. */
export interface UpdateTargetRequest extends TargetType {
  id: string;
  name?: string;
  timeout?: Duration;
  endpoint?: string;
  /** Only `"0s"` is accepted: a new signing key at once. */
  expirationSigningKey?: Duration;
  payloadType?: PayloadType;
}

/** What UpdateTarget answers; the key only where it was replaced. */
export interface UpdateTargetResponse {
  changeDate?: Timestamp;
  signingKey?: string;
}

/** What DeleteTarget and GetTarget take. */
export interface TargetIdRequest {
  id: string;
}

/** A target as it is read, its signing key included. */
export interface Target extends TargetType {
  id?: string;
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  name?: string;
  timeout?: Duration;
  endpoint?: string;
  signingKey?: string;
  payloadType?: PayloadType;
}

/** What GetTarget answers. */
export interface GetTargetResponse {
  target?: Target;
}

/** What targets can be sorted by. */
export type TargetFieldName =
  | 'TARGET_FIELD_NAME_UNSPECIFIED'
  | 'TARGET_FIELD_NAME_ID'
  | 'TARGET_FIELD_NAME_CREATED_DATE'
  | 'TARGET_FIELD_NAME_NAME';

/** Exactly one field is set. */
export interface TargetSearchFilter {
  targetNameFilter?: { targetName?: string; method?: TextFilterMethod };
  inTargetIdsFilter?: { targetIds?: readonly string[] };
}

/** What ListTargets takes. */
export interface ListTargetsRequest {
  pagination?: PaginationRequest;
  sortingColumn?: TargetFieldName;
  filters?: readonly TargetSearchFilter[];
}

/** What ListTargets answers. */
export interface ListTargetsResponse {
  pagination?: PaginationResponse;
  targets?: readonly Target[];
}

/** Which API calls; exactly one field is set. Methods as in `/zitadel.user.v2.UserService/CreateUser`. */
export interface CallCondition {
  method?: string;
  service?: string;
  all?: boolean;
}

/** What an execution answers to; exactly one field is set. @see proto/zitadel/action/v2/execution.proto */
export interface Condition {
  request?: CallCondition;
  response?: CallCondition;
  /** `preuserinfo`, `preaccesstoken` or `presamlresponse`. */
  function?: { name?: string };
  /** Exactly one field is set; a group as in `user.human`. */
  event?: { event?: string; group?: string; all?: boolean };
}

/** What SetExecution takes; no targets removes the execution. */
export interface SetExecutionRequest {
  condition: Condition;
  targets?: readonly string[];
}

/** An execution as it is listed. */
export interface Execution {
  condition?: Condition;
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  targets?: readonly string[];
}

/** Exactly one field is set. */
export interface ExecutionSearchFilter {
  inConditionsFilter?: { conditions?: readonly Condition[] };
  executionTypeFilter?: {
    executionType?:
      | 'EXECUTION_TYPE_REQUEST'
      | 'EXECUTION_TYPE_RESPONSE'
      | 'EXECUTION_TYPE_EVENT'
      | 'EXECUTION_TYPE_FUNCTION';
  };
  targetFilter?: { targetId?: string };
}

/** What ListExecutions takes. */
export interface ListExecutionsRequest {
  pagination?: PaginationRequest;
  sortingColumn?:
    | 'EXECUTION_FIELD_NAME_UNSPECIFIED'
    | 'EXECUTION_FIELD_NAME_ID'
    | 'EXECUTION_FIELD_NAME_CREATED_DATE';
  filters?: readonly ExecutionSearchFilter[];
}

/** What ListExecutions answers. */
export interface ListExecutionsResponse {
  pagination?: PaginationResponse;
  executions?: readonly Execution[];
}

/** What AddPublicKey takes: the key that JWE bodies of a target are encrypted for. */
export interface AddPublicKeyRequest {
  targetId: string;
  /** PEM of at most 8,192 bytes, in base64. */
  publicKey: Bytes;
  expirationDate?: Timestamp;
}

/** What AddPublicKey answers. */
export interface AddPublicKeyResponse {
  keyId?: string;
  creationDate?: Timestamp;
}

/** What ActivatePublicKey, DeactivatePublicKey and RemovePublicKey take. */
export interface PublicKeyIdRequest {
  targetId: string;
  keyId: string;
}

/** A target's public key as it is listed. */
export interface TargetPublicKey {
  keyId?: string;
  active?: boolean;
  publicKey?: Bytes;
  fingerprint?: string;
  expirationDate?: Timestamp;
  creationDate?: Timestamp;
  changeDate?: Timestamp;
}

/** What ListPublicKeys takes. */
export interface ListPublicKeysRequest {
  targetId: string;
  pagination?: PaginationRequest;
  sortingColumn?: 'PUBLIC_KEY_FIELD_NAME_UNSPECIFIED' | 'PUBLIC_KEY_FIELD_NAME_CREATION_DATE';
  filters?: readonly {
    keyIdsFilter?: InIdsFilter;
    activeFilter?: boolean;
    expirationDateFilter?: TimestampFilter;
  }[];
}

/** What ListPublicKeys answers. */
export interface ListPublicKeysResponse {
  pagination?: PaginationResponse;
  publicKeys?: readonly TargetPublicKey[];
}
