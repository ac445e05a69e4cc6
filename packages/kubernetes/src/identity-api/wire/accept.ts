/** One clause of an Accept header, or a Content-Type. Names and parameters are lower-case, values as they came. */
export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const mostClauses = 50;

/**
 * Reads an Accept header: its clauses, the most wanted first. Clauses of equal weight stay in their order.
 *
 * @see RFC 9110 section 12.5.1
 */
export function parseAccept(header: string): readonly MediaType[] {
  const clauses = header
    .split(',')
    .slice(0, mostClauses)
    .map(parseMediaType)
    .filter(({ type }) => type !== '')
    .map((media) => ({ media, weight: weightOf(media) }))
    .filter(({ weight }) => weight > 0);
  return clauses.sort((a, b) => b.weight - a.weight).map(({ media }) => media);
}

/** Reads one media type with its parameters. */
export function parseMediaType(text: string): MediaType {
  const [type = '', ...pairs] = text.split(';');
  const parameters: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 0) continue;
    const name = pair.slice(0, at).trim().toLowerCase();
    parameters[name] = pair
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1');
  }
  return { type: type.trim().toLowerCase(), parameters };
}

function weightOf({ parameters: { q } }: MediaType): number {
  if (q === undefined) return 1;
  const weight = Number(q);
  return Number.isFinite(weight) ? weight : 0;
}
