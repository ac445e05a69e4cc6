import type { PathRule } from './hcl.ts';

/** What a request does, in the words of policies. */
export type Capability = 'create' | 'read' | 'update' | 'delete' | 'list' | 'patch';

interface Pattern {
  readonly text: string;
  readonly isPrefix: boolean;
  readonly wildcards: number;
  /** Where the first wildcard is: the later, the more exact. */
  readonly firstWildcard: number;
  readonly capabilities: ReadonlySet<string>;
}

/** What the policies of a token permit together (vault/policy/acl.go). */
export class Acl {
  readonly isRoot: boolean;
  readonly #exact = new Map<string, ReadonlySet<string>>();
  readonly #patterns: Pattern[] = [];

  constructor(rules: readonly PathRule[], isRoot = false) {
    this.isRoot = isRoot;
    const merged = new Map<string, Set<string>>();
    for (const { path, capabilities } of rules) {
      const known = merged.get(path) ?? new Set();
      for (const one of capabilities) known.add(one);
      merged.set(path, known);
    }
    for (const [path, capabilities] of merged) {
      if (!path.endsWith('*') && !hasSegment(path)) this.#exact.set(path, capabilities);
      else this.#patterns.push(toPattern(path, capabilities));
    }
    // Most exact first: the one that matches first decides alone.
    this.#patterns.sort(byExactness);
  }

  /** Whether a request may be made. `needsSudo` for paths that upstream guards so. */
  allows(path: string, capability: Capability, needsSudo = false): boolean {
    if (this.isRoot) return true;
    const found = this.#find(path, capability === 'list');
    if (!found || found.has('deny')) return false;
    return found.has(capability) && (!needsSudo || found.has('sudo'));
  }

  /** What a lookup of capabilities shows, sorted; `deny` for nothing. */
  capabilities(path: string): readonly string[] {
    if (this.isRoot) return ['root'];
    const found = this.#find(path, path.endsWith('/'));
    return !found || found.has('deny') || found.size === 0 ? ['deny'] : [...found].toSorted();
  }

  /** Whether a token may know of a mount, of which the path ends with a slash (vault/logical_system.go, hasMountAccess). */
  reaches(mount: string): boolean {
    if (!this.capabilities(mount).includes('deny')) return true;
    const grants = (capabilities: ReadonlySet<string>) => capabilities.size > 0 && !capabilities.has('deny');
    for (const [path, capabilities] of this.#exact)
      if (path.startsWith(mount) && grants(capabilities)) return true;
    const segmented = this.#patterns.filter(({ wildcards }) => wildcards > 0);
    const prefixes = this.#patterns.filter(({ wildcards }) => wildcards === 0);
    if (prefixes.some(({ text, capabilities }) => text.startsWith(mount) && grants(capabilities)))
      return true;
    // A rule for all that begins so counts here even where it denies.
    if (segmented.length === 0) return prefixes.some(({ text }) => mount.startsWith(text));
    return segmented.some((pattern) => grants(pattern.capabilities) && leadsTo(pattern, mount));
  }

  #find(path: string, isList: boolean): ReadonlySet<string> | undefined {
    const bare = isList && path.endsWith('/') ? path.slice(0, -1) : undefined;
    return (
      this.#exact.get(path) ??
      (bare === undefined ? undefined : this.#exact.get(bare)) ??
      this.#match(path) ??
      (bare === undefined ? undefined : this.#match(bare))
    );
  }

  #match(path: string): ReadonlySet<string> | undefined {
    return this.#patterns.find((pattern) => matches(pattern, path))?.capabilities;
  }
}

function hasSegment(path: string): boolean {
  return path.split('/').includes('+') || path.includes('/+') || path.startsWith('+');
}

function toPattern(path: string, capabilities: ReadonlySet<string>): Pattern {
  const isPrefix = path.endsWith('*');
  const text = isPrefix ? path.slice(0, -1) : path;
  const wildcards = text.split('/').filter((one) => one === '+').length;
  const first = text.indexOf('+');
  return { text, isPrefix, wildcards, firstWildcard: first < 0 ? text.length : first, capabilities };
}

function matches({ text, isPrefix, wildcards }: Pattern, path: string): boolean {
  if (wildcards === 0) return isPrefix ? path.startsWith(text) : path === text;
  const wanted = text.split('/');
  const given = path.split('/');
  if (given.length < wanted.length || (!isPrefix && given.length !== wanted.length)) return false;
  return wanted.every((one, at) => {
    if (one === '+') return true;
    const isLast = at === wanted.length - 1;
    return isPrefix && isLast ? (given[at] ?? '').startsWith(one) : given[at] === one;
  });
}

/** Whether a rule with `+` is for something in a mount. */
function leadsTo({ text, isPrefix }: Pattern, mount: string): boolean {
  const wanted = text.split('/');
  return mount
    .slice(0, -1)
    .split('/')
    .every((part, at) => {
      const one = wanted[at];
      if (one === '+' || one === part) return true;
      return isPrefix && at === wanted.length - 1 && part.startsWith(one ?? '');
    });
}

function byExactness(a: Pattern, b: Pattern): number {
  return (
    b.firstWildcard - a.firstWildcard ||
    Number(a.isPrefix) - Number(b.isPrefix) ||
    a.wildcards - b.wildcards ||
    b.text.length - a.text.length ||
    (a.text < b.text ? 1 : -1)
  );
}
