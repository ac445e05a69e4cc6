/** Something that a filter leaves out: `-contractor`, or by name `-state:inactive`. */
export interface Negation {
  readonly name: string | undefined;
  readonly value: string;
}

/** A filter as it is typed: words with a name, such as `state:attention`, what is left out, and the rest. */
export interface ParsedFilter {
  readonly text: string;
  readonly named: Readonly<Record<string, string>>;
  readonly without: readonly Negation[];
  /** Names that this list does not know. */
  readonly unknown: readonly string[];
}

/** What a row has that a filter may name; `words` are what its text is searched for. */
export interface RowFacts {
  readonly words: string;
  readonly named?: Readonly<Record<string, string | null | undefined>>;
}

/** Reads `state:attention -role:user ada`. A value with spaces is quoted: `actor:"Ada Okafor"`. */
export function parseFilter(typed: string, names: readonly string[]): ParsedFilter {
  const words: string[] = [];
  const named: Record<string, string> = {};
  const without: Negation[] = [];
  const unknown: string[] = [];
  for (const [whole, minus, name, quoted, plain] of typed.matchAll(
    /(-)?(?:([a-z]+):)?(?:"([^"]*)"|(\S+))|\S+/gi,
  )) {
    const value = quoted ?? plain ?? '';
    const known = name?.toLowerCase();
    if (isUnfinished(whole)) continue;
    if (known !== undefined && !names.includes(known)) unknown.push(name ?? '');
    else if (minus !== undefined) without.push({ name: known, value: value.toLowerCase() });
    else if (known === undefined) words.push(value || whole);
    else named[known] = value;
  }
  return { text: words.join(' '), named, without, unknown };
}

/** A word that is still being typed filters nothing yet: `-`, `state:`, `-state:`. */
function isUnfinished(word: string): boolean {
  return word === '-' || /^-?[a-z]+:$/i.test(word);
}

/**
 * What a list checks by itself, since the API cannot: what is left out, by the beginning of a word or by a value as a
 * whole, and with `words` the words searched for. Nothing where nothing has to be checked.
 */
export function keepOf<T>(
  { without, text }: Pick<ParsedFilter, 'without' | 'text'>,
  factsOf: (row: T) => RowFacts,
  { words: searched = false }: { readonly words?: boolean } = {},
): ((row: T) => boolean) | undefined {
  const asked = searched ? text.toLowerCase().split(/\s+/).filter(Boolean) : [];
  if (without.length === 0 && asked.length === 0) return undefined;
  return (row) => {
    const { words, named = {} } = factsOf(row);
    return (
      asked.every((word) => hasWord(words, word)) &&
      !without.some(({ name, value }) =>
        name === undefined ? hasWord(words, value) : named[name]?.toLowerCase() === value,
      )
    );
  };
}

function hasWord(text: string, beginning: string): boolean {
  return ` ${text.toLowerCase()}`.includes(` ${beginning}`);
}

/** Whole filters that the last word may become. */
export function suggestFilters(
  typed: string,
  options: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const cut = typed.lastIndexOf(' ') + 1;
  const minus = typed.charAt(cut) === '-' ? '-' : '';
  const head = typed.slice(0, cut) + minus;
  const last = typed.slice(cut + minus.length).toLowerCase();
  const all = Object.entries(options).flatMap(([name, values]) =>
    values.length === 0 ? [`${name}:`] : values.map((value) => `${name}:${value}`),
  );
  return all.filter((word) => word.startsWith(last) && word !== last).map((word) => head + word);
}
