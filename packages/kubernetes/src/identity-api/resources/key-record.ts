/** What Zitadel has no place for in a key, as it is kept in the organization's metadata. */
export interface KeyRecord {
  readonly keyId: string;
  readonly userId: string;
  /** RFC 3339, as Zitadel wrote them. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** PEM, where the caller gave it. */
  readonly publicKey?: string;
}

/** Where records are: a key of metadata for each name, which is so taken once only. */
const prefix = 'drawbridge.key/';

/** The key of metadata that a name has. */
export function recordKey(name: string): string {
  return `${prefix}${name}`;
}

/** A record as text. */
export function writeRecord(record: KeyRecord): string {
  return JSON.stringify(record);
}

/** The records in an organization's metadata, by name. What is none of ours, or cannot be read, is passed over. */
export function readRecords(metadata: ReadonlyMap<string, string>): ReadonlyMap<string, KeyRecord> {
  const records = new Map<string, KeyRecord>();
  for (const [key, value] of metadata) {
    if (!key.startsWith(prefix)) continue;
    const record = readRecord(value);
    if (record) records.set(key.slice(prefix.length), record);
  }
  return records;
}

function readRecord(text: string): KeyRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // somebody else wrote it
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { keyId, userId, createdAt, expiresAt, labels, annotations, publicKey } = value as Record<
    string,
    unknown
  >;
  if (![keyId, userId, createdAt, expiresAt].every((one) => typeof one === 'string')) return undefined;
  return {
    keyId: String(keyId),
    userId: String(userId),
    createdAt: String(createdAt),
    expiresAt: String(expiresAt),
    labels: texts(labels),
    annotations: texts(annotations),
    ...(typeof publicKey === 'string' ? { publicKey } : {}),
  };
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
