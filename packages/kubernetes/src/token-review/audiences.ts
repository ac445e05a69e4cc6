import { DrawbridgeError, type Problem } from '@drawbridge/kit';

/**
 * What an audience of Zitadel's (a project's or an application's id) stands for in Kubernetes: some of its audiences, or
 * every one that is asked about.
 */
export type AudienceMap = ReadonlyMap<string, readonly string[] | 'requested'>;

/**
 * Reads audiences as the command line has them: `ZITADEL_ID` for every audience that is asked about, `ZITADEL_ID=AUDIENCE`
 * for that one; the same id may come several times.
 *
 * @throws {DrawbridgeError} `invalid_settings` with one problem for each mistake
 * @example
 * ```ts
 * import { parseAudienceMap } from '@drawbridge/kubernetes';
 *
 * parseAudienceMap(['322011', '322012=https://vault.acme.example']);
 * ```
 */
export function parseAudienceMap(entries: readonly string[]): AudienceMap {
  const map = new Map<string, readonly string[] | 'requested'>();
  const problems: Problem[] = [];
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const id = at < 0 ? entry : entry.slice(0, at);
    const name = at < 0 ? undefined : entry.slice(at + 1);
    const known = map.get(id);
    if (id === '' || name === '') {
      problems.push({ field: entry, message: 'is not of the form ZITADEL_ID or ZITADEL_ID=AUDIENCE' });
    } else if (known !== undefined && (name === undefined || known === 'requested')) {
      problems.push({ field: entry, message: 'says twice what the id stands for' });
    } else {
      map.set(id, name === undefined ? 'requested' : [...(known ?? []), name]);
    }
  }
  if (entries.length === 0) problems.push({ field: 'audience', message: 'is missing' });
  if (problems.length > 0) {
    throw new DrawbridgeError('invalid_settings', { message: 'The audiences are not understood.', problems });
  }
  return map;
}

/**
 * Which of the audiences that were asked about a token is for. Where none was named, as by a caller that leaves it to us,
 * these are all that the token's stand for.
 *
 * @param held those of the map's ids that the token has in its `aud`
 * @returns undefined when the token is for none of them
 */
export function audiencesOf(
  held: readonly string[],
  requested: readonly string[],
  map: AudienceMap,
): readonly string[] | undefined {
  const standsFor = held.map((id) => map.get(id)).filter((names) => names !== undefined);
  const named = new Set(standsFor.flatMap((names) => (names === 'requested' ? [] : names)));
  const forEvery = standsFor.includes('requested');
  if (requested.length === 0) return forEvery || named.size > 0 ? [...named] : undefined;
  const accepted = new Set(requested.filter((name) => forEvery || named.has(name)));
  return accepted.size > 0 ? [...accepted] : undefined;
}
