/** Longer is no path of the console's. */
const longest = 2_000;

/**
 * Where a browser goes after its sign-in: a path of this origin, or `/`. Whatever a browser might read as another origin
 * (`//host`, `/\host`, control characters) is no such path, and neither is one that would begin a sign-in again.
 */
export function returnPath(given: string | undefined): string {
  if (given === undefined || given.length > longest || !/^\/(?![/\\])[\x21-\x7e]*$/.test(given)) return '/';
  if (given.includes('\\') || !URL.canParse(given, 'http://here.invalid')) return '/';
  const url = new URL(given, 'http://here.invalid');
  if (url.origin !== 'http://here.invalid' || url.pathname.startsWith('//')) return '/';
  if (/^\/(auth|api)(\/|$)/.test(url.pathname)) return '/';
  return url.pathname + url.search + url.hash;
}
