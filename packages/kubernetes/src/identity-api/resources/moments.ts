/**
 * Which of two moments comes first. Zitadel writes as many digits of a second as there are, so that texts alone are not in order:
 * `…:05Z` is before `…:05.5Z`.
 *
 * @returns less than 0, 0 or more than 0; no moment comes before any
 */
export function compareMoments(a: string, b: string): number {
  return compareTexts(comparable(a), comparable(b));
}

/** The order of texts by their code units, the same everywhere. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparable(moment: string): string {
  return moment === '' ? '' : moment.slice(0, 19) + moment.slice(20, -1).padEnd(9, '0');
}
