/** Something that a filter leaves out: `-contractor`, or by name `-state:inactive`. */
export interface Negation {
  readonly name: string | undefined;
  readonly value: string;
}

/** Names that a list knows, with the values there are; none where any value will do. `from` and `to` are times. */
export type FilterOptions = Readonly<Record<string, readonly string[]>>;

/** A filter as it is typed: words with a name, such as `state:attention`, what is left out, and the rest. */
export interface ParsedFilter {
  readonly text: string;
  readonly named: Readonly<Record<string, string>>;
  readonly without: readonly Negation[];
  /** What this list does not know, as it was typed: `foo:bar`, `state:bogus`. */
  readonly unknown: readonly string[];
}

/** What a row has that a filter may name; `words` are what its text is searched for. */
export interface RowFacts {
  readonly words: string;
  readonly named?: Readonly<Record<string, string | null | undefined>>;
}

const times: ReadonlySet<string> = new Set(['from', 'to']);

/** Reads `state:attention -role:user ada`. A value with spaces is quoted: `actor:"Ada Okafor"`. */
export function parseFilter(typed: string, options: FilterOptions): ParsedFilter {
  const words: string[] = [];
  const named: Record<string, string> = {};
  const without: Negation[] = [];
  const unknown: string[] = [];
  for (const [whole, minus, name, quoted, plain] of typed.matchAll(
    /(-)?(?:([a-z]+):)?(?:"([^"]*)"|(\S+))|\S+/gi,
  )) {
    const known = name?.toLowerCase();
    if (
      isUnfinished(
        whole,
        options[known ?? '']?.map((one) => `${known}:${one}`),
      )
    )
      continue;
    const value = knownValue(known, quoted ?? plain ?? '', options);
    if (value === undefined || (minus !== undefined && known !== undefined && times.has(known)))
      unknown.push(whole);
    else if (minus !== undefined) without.push({ name: known, value });
    else if (known === undefined) words.push(value || whole);
    else named[known] = value;
  }
  return { text: words.join(' '), named, without, unknown };
}

/** A value as the API has it; nothing where the list knows no such name or value. */
function knownValue(name: string | undefined, value: string, options: FilterOptions): string | undefined {
  if (name === undefined) return value;
  if (!Object.hasOwn(options, name)) return undefined;
  if (times.has(name)) {
    const time = Date.parse(value);
    return Number.isNaN(time) ? undefined : new Date(time).toISOString();
  }
  const values = options[name] ?? [];
  if (values.length === 0) return value;
  return values.find((one) => one.toLowerCase() === value.toLowerCase());
}

/** The query of a list's request: `name!` is what it leaves out. */
export function filterQuery({
  text,
  named,
  without,
}: ParsedFilter): Readonly<Record<string, string | readonly string[]>> {
  const left: Record<string, string[]> = {};
  for (const { name = 'q', value } of without) left[`${name}!`] = [...(left[`${name}!`] ?? []), value];
  return { ...(text ? { q: text } : {}), ...named, ...left };
}

/** A word that is still being typed filters nothing yet: `-`, `state:`, `-state:act`. */
function isUnfinished(word: string, finished: readonly string[] = []): boolean {
  if (word === '-' || /^-?[a-z]+:$/i.test(word)) return true;
  const typed = word.replace(/^-/, '').toLowerCase();
  return !finished.includes(typed) && finished.some((one) => one.startsWith(typed));
}

/** Whether a row fits, for a list that has all its rows: by the beginnings of words, and by a value as a whole. */
export function matches({ text, named, without }: ParsedFilter, facts: RowFacts): boolean {
  const has = (name: string | undefined, value: string) =>
    name === undefined
      ? hasWord(facts.words, value)
      : facts.named?.[name]?.toLowerCase() === value.toLowerCase();
  return (
    text.split(/\s+/).every((word) => hasWord(facts.words, word)) &&
    Object.entries(named).every(([name, value]) => has(name, value)) &&
    !without.some(({ name, value }) => has(name, value))
  );
}

function hasWord(text: string, beginning: string): boolean {
  return ` ${text.toLowerCase()}`.includes(` ${beginning.toLowerCase()}`);
}

/** Whole filters that the last word may become. */
export function suggestFilters(typed: string, options: FilterOptions): readonly string[] {
  const cut = typed.lastIndexOf(' ') + 1;
  const minus = typed.charAt(cut) === '-' ? '-' : '';
  const head = typed.slice(0, cut) + minus;
  const last = typed.slice(cut + minus.length).toLowerCase();
  const all = Object.entries(options).flatMap(([name, values]) =>
    values.length === 0 ? [`${name}:`] : values.map((value) => `${name}:${value}`),
  );
  return all.filter((word) => word.startsWith(last) && word !== last).map((word) => head + word);
}
