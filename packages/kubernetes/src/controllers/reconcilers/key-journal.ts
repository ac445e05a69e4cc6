/** What a rotation has to know after a crash; it holds no secret. */
export interface KeyJournal {
  /** Keys that were asked for, known by an end that no other has. */
  readonly asked: readonly { readonly expiresAt: number; readonly since: number }[];
  /** Keys that were replaced, and when they may go. */
  readonly retiring: readonly { readonly keyId: string; readonly after: number }[];
  /** The one in the Secret. */
  readonly current?: { readonly keyId: string; readonly since: number; readonly expiresAt: number };
}

/**
 * Reads the journal of a Secret; none, or one that somebody broke, is an empty one. At worst a key stays at Zitadel until its own
 * end: none is removed for a reason that is not written down.
 */
export function readKeyJournal(text: string | undefined): KeyJournal {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '{}');
  } catch {
    value = {};
  }
  const { asked, retiring, current } = isRecord(value) ? value : {};
  const { keyId, since, expiresAt } = isRecord(current) ? current : {};
  return {
    asked: records(asked).flatMap((one) =>
      isMoment(one.expiresAt) && isMoment(one.since) ? [{ expiresAt: one.expiresAt, since: one.since }] : [],
    ),
    retiring: records(retiring).flatMap((one) =>
      typeof one.keyId === 'string' && isMoment(one.after) ? [{ keyId: one.keyId, after: one.after }] : [],
    ),
    ...(typeof keyId === 'string' && isMoment(since) && isMoment(expiresAt)
      ? { current: { keyId, since, expiresAt } }
      : {}),
  };
}

export function writeKeyJournal(journal: KeyJournal): string {
  return JSON.stringify(journal);
}

function isMoment(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
