import { invalidArgument } from '../errors.ts';
import type { State } from '../projections/index.ts';
import { invalid, type Message, timestamp, uint64 } from '../wire/index.ts';
import type { Answer } from './call.ts';

/** Text methods 0–7 of both styles. */
const textMethods = [
  'EQUALS',
  'EQUALS_IGNORE_CASE',
  'STARTS_WITH',
  'STARTS_WITH_IGNORE_CASE',
  'CONTAINS',
  'CONTAINS_IGNORE_CASE',
  'ENDS_WITH',
  'ENDS_WITH_IGNORE_CASE',
] as const;
const textQueryMethods = textMethods.map((name) => `TEXT_QUERY_METHOD_${name}`);
const textFilterMethods = textMethods.map((name) => `TEXT_FILTER_METHOD_${name}`);

/** What a text filter asks, from its message: `method` in either style. */
export function textMatcher(input: Message, field: string): (value: string) => boolean {
  const wanted = input.string(field, { max: 200 });
  const method = textMethodOf(input);
  const folded = wanted.toLowerCase();
  switch (method) {
    case 0:
      return (value) => value === wanted;
    case 1:
      return (value) => value.toLowerCase() === folded;
    case 2:
      return (value) => value.startsWith(wanted);
    case 3:
      return (value) => value.toLowerCase().startsWith(folded);
    case 4:
      return (value) => value.includes(wanted);
    case 5:
      return (value) => value.toLowerCase().includes(folded);
    case 6:
      return (value) => value.endsWith(wanted);
    default:
      return (value) => value.toLowerCase().endsWith(folded);
  }
}

/** Number of the text method, 0 (equals) when absent. */
export function textMethodOf(input: Message): number {
  try {
    return input.enum('method', textQueryMethods);
  } catch {
    // The two styles differ only in the prefix of their names.
    return input.enum('method', textFilterMethods);
  }
}

const timestampMethods = ['EQUALS', 'AFTER', 'AFTER_OR_EQUALS', 'BEFORE', 'BEFORE_OR_EQUALS'].map(
  (name) => `TIMESTAMP_FILTER_METHOD_${name}`,
);
const timestampQueryMethods = ['EQUALS', 'GREATER', 'GREATER_OR_EQUALS', 'LESS', 'LESS_OR_EQUALS'].map(
  (name) => `TIMESTAMP_QUERY_METHOD_${name}`,
);

/** A filter on a time; `field` and the enum's names differ between the styles, the meaning does not. */
export function timeMatcher(
  input: Message,
  field: string,
  style: 'query' | 'filter',
): (value: number) => boolean {
  const wanted = input.timestamp(field);
  if (wanted === undefined) throw invalid(field, 'value is required');
  switch (input.enum('method', style === 'query' ? timestampQueryMethods : timestampMethods)) {
    case 0:
      return (value) => value === wanted;
    case 1:
      return (value) => value > wanted;
    case 2:
      return (value) => value >= wanted;
    case 3:
      return (value) => value < wanted;
    default:
      return (value) => value <= wanted;
  }
}

/** Offset, limit and direction. `limit` 0 is no limit. */
export interface Paging {
  readonly offset: number;
  readonly limit: number;
  readonly asc: boolean;
}

/** Old style: no default limit, no maximum; descending unless asked (internal/api/grpc/object/v2/converter.go). */
export function oldPaging(input: Message): Paging {
  const query = input.message('query');
  if (!query) return { offset: 0, limit: 0, asc: false };
  return { offset: query.uint('offset'), limit: query.uint('limit'), asc: query.bool('asc') };
}

/** New style: 100 by default, above 1000 an error and no clamping (internal/api/grpc/filter/v2/converter.go). */
export function newPaging(input: Message): Paging {
  const query = input.message('pagination');
  const limit = query?.uint('limit') ?? 0;
  if (limit > 1_000) throw invalidArgument('QUERY-4M0fs', 'Limit is above the maximum');
  return { offset: query?.uint('offset') ?? 0, limit: limit || 100, asc: query?.bool('asc') ?? false };
}

/** One page of rows that are sorted ascending, and how many there are in all. */
export function pageOf<T>(
  sorted: readonly T[],
  paging: Paging,
): { readonly rows: readonly T[]; readonly total: number } {
  const { length } = sorted;
  const count = Math.min(paging.limit || length, Math.max(0, length - paging.offset));
  // The count comes from a window function over the page: beyond the end there is no row to carry it.
  if (count <= 0) return { rows: [], total: 0 };
  if (paging.asc) return { rows: sorted.slice(paging.offset, paging.offset + count), total: length };
  const end = length - paging.offset;
  return { rows: sorted.slice(end - count, end).reverse(), total: length };
}

/** Sorts a copy by a key, ids breaking ties so that pages do not overlap. */
export function sortedBy<T>(rows: Iterable<T>, key: (row: T) => string | number): T[] {
  return [...rows].sort((a, b) => compare(key(a), key(b)));
}

export function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** ListDetails of the old style; the sequence it has room for is never told (internal/api/grpc/object/v2/converter.go). */
export function listDetails(state: State, total: number): Answer {
  return {
    totalResult: uint64(total),
    timestamp: timestamp(state.timestamp),
  };
}

/** PaginationResponse of the new style. */
export function pagination(total: number, paging: Paging): Answer {
  return { totalResult: uint64(total), appliedLimit: uint64(paging.limit) };
}
