import { failedPrecondition, notFound } from '../errors.ts';
import type { MetadataRow } from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import { invalid, type Message, timestamp } from '../wire/index.ts';
import type { Answer } from './call.ts';
import { compare, newPaging, pageOf, pagination, textMatcher } from './lists.ts';

type Aggregate = {
  readonly aggregateType: 'user' | 'org';
  readonly aggregateId: string;
  readonly resourceOwner: string;
};

/** Events of setting metadata. An empty value removes the key; the same value is no event. */
export function metadataDrafts(
  of: Aggregate,
  known: ReadonlyMap<string, MetadataRow>,
  entries: readonly Message[],
): readonly AnyDraft[] {
  const drafts: AnyDraft[] = [];
  for (const entry of entries) {
    const key = entry.string('key', { min: 1, max: 200 });
    const value = entry.bytes('value') ?? '';
    if (Buffer.byteLength(value, 'base64') > 500_000) throw invalid('value', 'value is too long');
    if (value === '') {
      if (known.has(key)) drafts.push(removedDraft(of, key));
    } else if (known.get(key)?.value !== value) {
      const payload = { key, value };
      drafts.push(
        of.aggregateType === 'user'
          ? { ...of, aggregateType: 'user', type: 'user.metadata.set', payload }
          : { ...of, aggregateType: 'org', type: 'org.metadata.set', payload },
      );
    }
  }
  return drafts;
}

/** @throws {RpcError} META-9mm2d when there is nothing to set */
export function requireEntries(entries: readonly Message[]): void {
  if (entries.length === 0) throw failedPrecondition('META-9mm2d', 'Errors.Metadata.NoData');
}

/** Events of removing keys, all of which must be there (internal/command/user_metadata.go). */
export function removalDrafts(
  of: Aggregate,
  known: ReadonlyMap<string, MetadataRow>,
  keys: readonly string[],
): readonly AnyDraft[] {
  if (keys.length === 0) throw failedPrecondition('META-9mm2d', 'Errors.Metadata.NoData');
  return keys.map((key) => {
    if (!known.has(key)) throw notFound('META-2nnds', 'Errors.Metadata.KeyNotExisting');
    return removedDraft(of, key);
  });
}

function removedDraft(of: Aggregate, key: string): AnyDraft {
  return of.aggregateType === 'user'
    ? { ...of, aggregateType: 'user', type: 'user.metadata.removed', payload: { key } }
    : { ...of, aggregateType: 'org', type: 'org.metadata.removed', payload: { key } };
}

/** A page of metadata, newest first unless `asc`. */
export function listMetadata(input: Message, rows: ReadonlyMap<string, MetadataRow>): Answer {
  const paging = newPaging(input);
  const filters = input
    .messages('filters')
    .map((filter) => filter.message('keyFilter'))
    .filter((filter) => filter !== undefined)
    .map((filter) => textMatcher(filter, 'key'));
  const matching = [...rows.values()]
    .filter((row) => filters.every((matches) => matches(row.key)))
    .sort((a, b) => a.createdAt - b.createdAt || compare(a.key, b.key));
  const { rows: page, total } = pageOf(matching, paging);
  return {
    pagination: pagination(total, paging),
    metadata: page.map((row) => ({
      creationDate: timestamp(row.createdAt),
      changeDate: timestamp(row.changedAt),
      key: row.key,
      value: row.value,
    })),
  };
}
