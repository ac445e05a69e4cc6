/** A claim by its name, or by a JSON pointer where it starts with a slash (builtin/credential/jwt/claims.go). */
export function claimAt(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (!name.startsWith('/')) return claims[name];
  let value: unknown = claims;
  for (const segment of name.slice(1).split('/')) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

/** What is wrong with the claims that a role is bound to; nothing where each is there and matches. */
export function boundClaimsComplaint(
  claims: Readonly<Record<string, unknown>>,
  bound: Readonly<Record<string, unknown>>,
  isGlob: boolean,
): string | undefined {
  for (const [name, expected] of Object.entries(bound)) {
    const actual = claimAt(claims, name);
    if (actual === undefined || actual === null) return `claim "${name}" is missing`;
    const given = [actual].flat();
    const fits = [expected].flat().some((one) => given.some((each) => matches(each, one, isGlob)));
    if (!fits) return `claim "${name}" does not match any associated bound claim values`;
  }
  return undefined;
}

function matches(actual: unknown, expected: unknown, isGlob: boolean): boolean {
  if (!isGlob || typeof expected !== 'string') return normal(actual) === normal(expected);
  if (typeof actual !== 'string') return false;
  const pattern = expected.split('*').map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('[\\s\\S]*')}$`).test(actual);
}

/** Numbers lose their fraction, as upstream's do. */
function normal(value: unknown): unknown {
  return typeof value === 'number' ? Math.trunc(value) : value;
}
