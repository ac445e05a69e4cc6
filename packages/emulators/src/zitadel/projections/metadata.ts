import type { MetadataFields } from '../store/index.ts';
import type { MetadataRow } from './records.ts';

/** Sets one entry, keeping when it was first made. */
export function setMetadata(rows: Map<string, MetadataRow>, fields: MetadataFields, at: number): void {
  const known = rows.get(fields.key);
  if (known) {
    known.value = fields.value;
    known.changedAt = at;
  } else rows.set(fields.key, { key: fields.key, value: fields.value, createdAt: at, changedAt: at });
}
