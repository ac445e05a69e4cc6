import { badRequest, invalid, type StatusCause } from '../wire/index.ts';
import { type FieldTerm, parseFieldSelector } from './field-selector.ts';
import { type LabelMatcher, parseLabelSelector } from './label-selector.ts';

/** A query as it came; a parameter that stands there twice counts by its first. */
export type Query = URLSearchParams;

/** What a list is asked for. */
export interface ListOptions {
  readonly fields: readonly FieldTerm[];
  readonly labels: LabelMatcher;
  /** 0 for everything. */
  readonly limit: number;
  /** The opaque beginning of the page; empty for the first. */
  readonly continueFrom: string;
  /** The selectors as they came, which pages are bound to. */
  readonly selectors: string;
  /** Whether it is no list at all that is wanted, but to be told of changes. */
  readonly watch: boolean;
}

/**
 * Reads the query of a list.
 *
 * @param known fields that the resource can be selected by
 * @throws {StatusError} `invalid_request`, `invalid_object`
 */
export function readListOptions(query: Query, known: readonly string[]): ListOptions {
  const fieldSelector = query.get('fieldSelector') ?? '';
  const labelSelector = query.get('labelSelector') ?? '';
  const continueFrom = query.get('continue') ?? '';
  checkVersions(query, continueFrom);
  return {
    fields: parseFieldSelector(fieldSelector, known),
    labels: parseLabelSelector(labelSelector),
    limit: readLimit(query.get('limit') ?? ''),
    continueFrom,
    selectors: JSON.stringify([fieldSelector, labelSelector]),
    watch: isWatch(query),
  };
}

/** Any value but `0` and `false` asks for a watch, also none. */
export function isWatch(query: Query): boolean {
  const value = query.get('watch');
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}

function readLimit(text: string): number {
  if (text === '') return 0;
  const limit = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(limit)) throw badRequest('limit is not a number');
  return Math.max(0, limit);
}

/** Objects here have no versions, so any is taken that a list may be asked for; what contradicts itself is refused. */
function checkVersions(query: Query, continueFrom: string): void {
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const causes: StatusCause[] = [];
  const forbid = (field: string, message: string) =>
    causes.push({ reason: 'FieldValueForbidden', field, message: `Forbidden: ${message}` });
  if (match !== '') {
    const field = 'resourceVersionMatch';
    if (version === '') forbid(field, `${field} is forbidden unless resourceVersion is provided`);
    if (continueFrom !== '') forbid(field, `${field} is forbidden when continue is provided`);
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      const message = `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`;
      causes.push({ reason: 'FieldValueNotSupported', field, message });
    } else if (match === 'Exact' && version === '0')
      forbid(field, `${field} "exact" is forbidden for resourceVersion "0"`);
  }
  if (query.has('sendInitialEvents') && !isWatch(query))
    forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  if (causes.length > 0) throw invalid({ kind: 'ListOptions', group: 'meta.k8s.io' }, '', causes);
}
