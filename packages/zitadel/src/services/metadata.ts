import type { Metadata, MetadataEntry } from '../wire/index.ts';

/** Metadata as text, key to value. Zitadel stores bytes; ours are always UTF-8. */
export type MetadataMap = Readonly<Record<string, string>>;

/** Text to what travels. An empty value makes Zitadel remove the key. */
export function encodeMetadata(values: MetadataMap): MetadataEntry[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: Buffer.from(value).toString('base64'),
  }));
}

/** What travels to text. Values that are no UTF-8 come with replacement characters. */
export function decodeMetadata(entries: readonly Metadata[]): Map<string, string> {
  return new Map(
    entries.map(({ key, value }) => [key ?? '', Buffer.from(value ?? '', 'base64').toString('utf8')]),
  );
}
