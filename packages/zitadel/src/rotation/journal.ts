import { DrawbridgeError, readPrivateFile, writeFileAtomic } from '@drawbridge/kit';

/** A key that was asked for, known by an end that no other key has: Zitadel does not tell keys apart otherwise. */
export interface AskedKey {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** When it was asked for. */
  readonly since: number;
}

/** A key that was replaced. */
export interface RetiringKey {
  readonly keyId: string;
  /** Not removed before, in milliseconds since the epoch. */
  readonly after: number;
}

/** What a rotation has to know after a crash. It holds no secret. */
export interface Journal {
  readonly asked: readonly AskedKey[];
  readonly retiring: readonly RetiringKey[];
}

/** Beside the key file, so that it moves and is lost with it. */
function journalPath(file: string): string {
  return `${file}.rotation.json`;
}

/**
 * Reads the journal of a key file; none, or one that is not understood, is an empty one. At worst a key stays at Zitadel
 * until its own end; none is removed for a reason that is not written down.
 */
export async function readJournal(file: string): Promise<Journal> {
  let value: unknown;
  try {
    value = JSON.parse((await readPrivateFile(journalPath(file))).content.expose());
  } catch (error) {
    if (error instanceof DrawbridgeError && error.saw !== 'ENOENT') throw error;
    return { asked: [], retiring: [] };
  }
  const { asked, retiring } =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return {
    asked: list(asked).flatMap(({ expiresAt, since }) =>
      typeof expiresAt === 'number' && typeof since === 'number' ? [{ expiresAt, since }] : [],
    ),
    retiring: list(retiring).flatMap(({ keyId, after }) =>
      typeof keyId === 'string' && typeof after === 'number' ? [{ keyId, after }] : [],
    ),
  };
}

/** Replaces the journal; durable when it resolves. */
export async function writeJournal(file: string, journal: Journal): Promise<void> {
  await writeFileAtomic(journalPath(file), `${JSON.stringify({ version: 1, ...journal })}\n`);
}

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value)
    ? value.filter((entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null)
    : [];
}
