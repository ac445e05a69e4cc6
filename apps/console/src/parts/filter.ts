/** A filter as it is typed: words with a name, such as `state:attention`, and the rest. */
export interface ParsedFilter {
  readonly text: string;
  readonly named: Readonly<Record<string, string>>;
  /** Names that this list does not know. */
  readonly unknown: readonly string[];
}

/** Reads `state:attention ada`. A value with spaces is quoted: `actor:"Ada Okafor"`. */
export function parseFilter(typed: string, names: readonly string[]): ParsedFilter {
  const words: string[] = [];
  const named: Record<string, string> = {};
  const unknown: string[] = [];
  for (const [whole, name, quoted, plain] of typed.matchAll(/(?:([a-z]+):)?(?:"([^"]*)"|(\S+))|\S+/gi)) {
    const value = quoted ?? plain ?? '';
    if (name === undefined) words.push(value || whole);
    else if (names.includes(name.toLowerCase())) named[name.toLowerCase()] = value;
    else unknown.push(name);
  }
  return { text: words.join(' '), named, unknown };
}

/** Whole filters that the last word may become. */
export function suggestFilters(
  typed: string,
  options: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const cut = typed.lastIndexOf(' ') + 1;
  const head = typed.slice(0, cut);
  const last = typed.slice(cut).toLowerCase();
  const all = Object.entries(options).flatMap(([name, values]) =>
    values.length === 0 ? [`${name}:`] : values.map((value) => `${name}:${value}`),
  );
  return all.filter((word) => word.startsWith(last) && word !== last).map((word) => head + word);
}
