import { DrawbridgeError } from '@drawbridge/kit/core';
import type { ConfigSource, FieldValue, FoundAnswer, ReadContext, SourceAnswer } from '../sources/index.ts';
import type { CacheState } from './kept-answers.ts';

/** What came of asking one source. */
export interface Consulted {
  readonly source: ConfigSource;
  /** `found` gave the whole value, `fields` single ones; `not_asked` stands after the one that decided. */
  readonly state: 'found' | 'fields' | 'absent' | 'failed' | 'not_asked';
  readonly answer?: SourceAnswer;
  readonly cached?: CacheState;
  readonly error?: DrawbridgeError;
}

/** A field and who gave it. */
export interface LaidField extends FieldValue {
  readonly source: string;
}

/** What all sources together say about a key. */
export interface Consultation {
  readonly key: string;
  readonly consulted: readonly Consulted[];
  readonly whole?: { readonly answer: FoundAnswer; readonly source: string };
  /** From the highest to the lowest source. */
  readonly fields: readonly LaidField[];
  /** Set where a source did not answer, so that nothing can be said. */
  readonly error?: DrawbridgeError;
}

/** How one source is asked. */
export type Ask = (
  source: ConfigSource,
  key: string,
  context: ReadContext,
) => Promise<{ readonly answer: SourceAnswer; readonly cached?: CacheState }>;

/**
 * Asks the sources in order until one has the whole value. A source that does not answer ends it: that a later one has a value says
 * nothing, since the earlier one may have another.
 */
export async function consult(
  key: string,
  sources: readonly ConfigSource[],
  ask: Ask,
  context: ReadContext,
): Promise<Consultation> {
  const consulted: Consulted[] = [];
  const fields: LaidField[] = [];
  let whole: Consultation['whole'];
  let error: DrawbridgeError | undefined;
  for (const source of sources) {
    if (whole || error) {
      consulted.push({ source, state: 'not_asked' });
      continue;
    }
    try {
      const { answer, cached } = await ask(source, key, context);
      consulted.push({ source, state: answer.state, answer, ...(cached ? { cached } : {}) });
      if (answer.state === 'found') whole = { answer, source: source.name };
      if (answer.state !== 'absent')
        fields.push(...(answer.fields ?? []).map((field) => ({ ...field, source: source.name })));
    } catch (caught) {
      error = DrawbridgeError.from(caught);
      consulted.push({ source, state: 'failed', error });
    }
  }
  return { key, consulted, fields, ...(whole ? { whole } : {}), ...(error ? { error } : {}) };
}
