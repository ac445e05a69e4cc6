import type { CallOptions, Zitadel } from '@drawbridge/zitadel';

/** What the ledger says of one object. */
export interface LedgerEntry {
  /** Its id in Zitadel; absent from the intention to make it until it is made, where Zitadel chooses the id. */
  readonly id?: string;
  /** When the intention was written, RFC 3339. */
  readonly since?: string;
  /** Keys that were replaced and still work. */
  readonly former?: readonly string[];
  /** Taken over from others, so that it is not ours to remove. */
  readonly adopted?: true;
  /** Event types that this Zitadel does not know. */
  readonly unknown?: readonly string[];
}

/**
 * What we made in an instance, kept in the metadata of the organization that owns it: projects, applications and targets have no
 * metadata of their own to mark them by. An entry is written *before* the object is made, so that a run that ended half-way is known
 * to have begun it.
 */
export interface Ledger {
  get(key: string): LedgerEntry | undefined;
  /** Whether nobody has written since it was opened. Asked before anything is written here. */
  isCurrent(call: CallOptions): Promise<boolean>;
  readonly keys: readonly string[];
  /** Writes entries, all in one call; an undefined one is taken out. */
  write(entries: Readonly<Record<string, LedgerEntry | undefined>>, call: CallOptions): Promise<void>;
}

const root = 'drawbridge.setup';

/** Reads the ledger of an owner. Zitadel answers from what was written last. */
export async function openLedger(
  { organizations }: Pick<Zitadel, 'organizations'>,
  organizationId: string,
  owner: string,
  call: CallOptions,
): Promise<Ledger> {
  const prefix = `${root}/${owner}/`;
  const read = async (options: CallOptions) => {
    const entries = new Map<string, LedgerEntry>();
    for (const [key, value] of await organizations.metadata(organizationId, options)) {
      const entry = key.startsWith(prefix) ? parseEntry(value) : undefined;
      if (entry) entries.set(key.slice(prefix.length), entry);
    }
    return entries;
  };
  const entries = await read(call);
  return {
    get: (key) => entries.get(key),
    async isCurrent(options) {
      const now = await read(options);
      const isSame = (key: string) => JSON.stringify(now.get(key)) === JSON.stringify(entries.get(key));
      return now.size === entries.size && [...now.keys()].every(isSame);
    },
    get keys() {
      return [...entries.keys()];
    },
    async write(changes, options) {
      const gone = Object.keys(changes).filter((key) => changes[key] === undefined && entries.has(key));
      const kept = Object.entries(changes).flatMap(([key, entry]) => (entry ? [[key, entry] as const] : []));
      await organizations.setMetadata(
        organizationId,
        Object.fromEntries(kept.map(([key, entry]) => [prefix + key, JSON.stringify(entry)])),
        options,
      );
      for (const [key, entry] of kept) entries.set(key, entry);
      await organizations.removeMetadata(
        organizationId,
        gone.map((key) => prefix + key),
        options,
      );
      for (const key of gone) entries.delete(key);
    },
  };
}

/** Anybody who may write the organization may write here; what is no entry counts as none. */
function parseEntry(text: string): LedgerEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, since, former, adopted, unknown } = value as Record<string, unknown>;
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof since === 'string' ? { since } : {}),
    ...(isTexts(former) ? { former } : {}),
    ...(adopted === true ? { adopted } : {}),
    ...(isTexts(unknown) ? { unknown } : {}),
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
