/**
 * Shapes that several services share, in their protojson form: lowerCamelCase names, 64-bit integers as strings, bytes
 * as standard base64, timestamps in RFC 3339, enums by name. proto3 leaves out whatever has its default value, so that
 * in answers nearly everything is optional: an absent `isVerified` is false, an absent `result` an empty list.
 *
 * @see proto/zitadel/object/v2, proto/zitadel/filter/v2, proto/zitadel/metadata/v2
 */

/** RFC 3339; Zitadel sends up to nanoseconds, and `0001-01-01T00:00:00Z` for "never set". */
export type Timestamp = string;
/** Seconds with an `s`, as in `"10s"`. */
export type Duration = string;
/** Standard base64 with padding. */
export type Bytes = string;
/** A 64-bit integer in decimal. */
export type Uint64 = string;

/** Paging of the old style: no default and no maximum limit, descending unless `asc`. */
export interface ListQuery {
  offset?: Uint64;
  limit?: number;
  asc?: boolean;
}

/** What the old style tells about one object. `resourceOwner` is its organization. */
export interface Details {
  sequence?: Uint64;
  changeDate?: Timestamp;
  resourceOwner?: string;
  creationDate?: Timestamp;
}

/** What the old style tells about a list. Beyond the end `totalResult` is 0, that is absent. */
export interface ListDetails {
  totalResult?: Uint64;
  processedSequence?: Uint64;
  timestamp?: Timestamp;
}

/** Paging of the new style: default 100, above 1,000 an error (QUERY-4M0fs). */
export interface PaginationRequest {
  offset?: Uint64;
  limit?: number;
  asc?: boolean;
}

/** What the new style tells about a list. */
export interface PaginationResponse {
  totalResult?: Uint64;
  appliedLimit?: Uint64;
}

/** How the old style compares texts. */
export type TextQueryMethod =
  | 'TEXT_QUERY_METHOD_EQUALS'
  | 'TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE'
  | 'TEXT_QUERY_METHOD_STARTS_WITH'
  | 'TEXT_QUERY_METHOD_STARTS_WITH_IGNORE_CASE'
  | 'TEXT_QUERY_METHOD_CONTAINS'
  | 'TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE'
  | 'TEXT_QUERY_METHOD_ENDS_WITH'
  | 'TEXT_QUERY_METHOD_ENDS_WITH_IGNORE_CASE';

/** How the new style compares texts. */
export type TextFilterMethod =
  | 'TEXT_FILTER_METHOD_EQUALS'
  | 'TEXT_FILTER_METHOD_EQUALS_IGNORE_CASE'
  | 'TEXT_FILTER_METHOD_STARTS_WITH'
  | 'TEXT_FILTER_METHOD_STARTS_WITH_IGNORE_CASE'
  | 'TEXT_FILTER_METHOD_CONTAINS'
  | 'TEXT_FILTER_METHOD_CONTAINS_IGNORE_CASE'
  | 'TEXT_FILTER_METHOD_ENDS_WITH'
  | 'TEXT_FILTER_METHOD_ENDS_WITH_IGNORE_CASE';

/** How the old style compares times. */
export type TimestampQueryMethod =
  | 'TIMESTAMP_QUERY_METHOD_EQUALS'
  | 'TIMESTAMP_QUERY_METHOD_GREATER'
  | 'TIMESTAMP_QUERY_METHOD_GREATER_OR_EQUALS'
  | 'TIMESTAMP_QUERY_METHOD_LESS'
  | 'TIMESTAMP_QUERY_METHOD_LESS_OR_EQUALS';

/** How the new style compares times. */
export type TimestampFilterMethod =
  | 'TIMESTAMP_FILTER_METHOD_EQUALS'
  | 'TIMESTAMP_FILTER_METHOD_AFTER'
  | 'TIMESTAMP_FILTER_METHOD_AFTER_OR_EQUALS'
  | 'TIMESTAMP_FILTER_METHOD_BEFORE'
  | 'TIMESTAMP_FILTER_METHOD_BEFORE_OR_EQUALS';

/** How metadata values are compared. */
export type ByteFilterMethod = 'BYTE_FILTER_METHOD_EQUALS' | 'BYTE_FILTER_METHOD_NOT_EQUALS';

/** Equality with one id. */
export interface IdFilter {
  id?: string;
}

/** Being one of these ids. */
export interface InIdsFilter {
  ids?: readonly string[];
}

/** Comparison with a time. */
export interface TimestampFilter {
  timestamp?: Timestamp;
  method?: TimestampFilterMethod;
}

/** A metadata entry as it is written: key of 1–200 characters, value of at most 500,000 bytes. */
export interface MetadataEntry {
  key: string;
  value: Bytes;
}

/** A metadata entry as it is read. */
export interface Metadata {
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  key?: string;
  value?: Bytes;
}

/** Comparison of a metadata key. */
export interface MetadataKeyFilter {
  key?: string;
  method?: TextFilterMethod;
}

/** Comparison of a metadata value. */
export interface MetadataValueFilter {
  value?: Bytes;
  method?: ByteFilterMethod;
}

/** Which metadata to list. */
export interface MetadataSearchFilter {
  keyFilter?: MetadataKeyFilter;
}

/** A message without fields: choosing it is what it says. */
export type Empty = Record<string, never>;

/** Answer of most creates that take the id from the request. */
export interface CreationDateResponse {
  creationDate?: Timestamp;
}

/** Answer of most changes. */
export interface ChangeDateResponse {
  changeDate?: Timestamp;
}

/** Answer of most deletes; the date is `0001-01-01T00:00:00Z` or absent where there was nothing to delete. */
export interface DeletionDateResponse {
  deletionDate?: Timestamp;
}

/** Answer of setting metadata. */
export interface SetDateResponse {
  setDate?: Timestamp;
}

/** Answer of listing metadata. */
export interface ListMetadataResponse {
  pagination?: PaginationResponse;
  metadata?: readonly Metadata[];
}
