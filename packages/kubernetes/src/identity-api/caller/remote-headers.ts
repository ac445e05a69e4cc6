import type { Caller } from './caller.ts';
import type { FrontProxyTrust } from './front-proxy.ts';

/** Why headers of a trusted front proxy name nobody. */
export type HeaderFault = 'no_user' | 'ambiguous_user' | 'unreadable' | 'too_large';

/** Whom headers name, or why nobody. */
export type RemoteUser = { readonly caller: Caller } | { readonly fault: HeaderFault };

/** Sizes in bytes. Whatever is larger is refused as a whole: half of somebody's groups is somebody else. */
const largest = {
  name: 512,
  uid: 200,
  groups: 1_000,
  group: 512,
  extras: 200,
  extraKey: 512,
  extraBytes: 32_768,
} as const;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const control = /\p{Cc}/u;

/**
 * Reads whom kube-apiserver says a request is of. The raw lines are read, since Node joins repeated headers by commas, which names
 * may hold.
 *
 * @param rawHeaders names and values in turn, as Node gives them
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/
 */
export function readRemoteUser(rawHeaders: readonly string[], trust: FrontProxyTrust): RemoteUser {
  const lines = linesOf(rawHeaders);
  if (lines === undefined) return { fault: 'unreadable' };
  const usernames = valuesOf(lines, trust.usernameHeaders);
  const uids = valuesOf(lines, trust.uidHeaders);
  // kube-apiserver sends each once. Two of them come from somebody who wrote one beside it.
  if (usernames.length > 1 || uids.length > 1) return { fault: 'ambiguous_user' };
  const [username = ''] = usernames;
  const [uid = ''] = uids;
  if (username === '') return { fault: 'no_user' };
  const groups = valuesOf(lines, trust.groupHeaders);
  const extra = extrasOf(lines, trust.extraPrefixes);
  const tooLarge =
    username.length > largest.name ||
    uid.length > largest.uid ||
    groups.length > largest.groups ||
    groups.some((group) => group.length > largest.group) ||
    extra === undefined;
  if (tooLarge) return { fault: 'too_large' };
  if ([username, uid, ...groups].some((text) => control.test(text))) return { fault: 'unreadable' };
  return { caller: { username, uid, groups, extra, source: 'front-proxy' } };
}

/**
 * The key of an extra as kube-apiserver escapes it: lower-cased as a whole, then percent-decoded; what is no escape stays as it is.
 */
export function decodeExtraKey(name: string): string {
  const lower = name.toLowerCase();
  try {
    return decodeURIComponent(lower);
  } catch {
    return lower;
  }
}

interface Line {
  readonly name: string;
  readonly value: string;
}

/** Lower-case names with trimmed values. Go writes UTF-8, and Node reads bytes. */
function linesOf(rawHeaders: readonly string[]): readonly Line[] | undefined {
  const lines: Line[] = [];
  try {
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const value = utf8.decode(Buffer.from(rawHeaders[at + 1] ?? '', 'latin1')).trim();
      lines.push({ name: (rawHeaders[at] ?? '').toLowerCase(), value });
    }
  } catch {
    return undefined; // no UTF-8
  }
  return lines;
}

function valuesOf(lines: readonly Line[], names: readonly string[]): readonly string[] {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return lines.filter(({ name, value }) => wanted.has(name) && value !== '').map(({ value }) => value);
}

function extrasOf(
  lines: readonly Line[],
  prefixes: readonly string[],
): Readonly<Record<string, readonly string[]>> | undefined {
  const extra = new Map<string, string[]>();
  let bytes = 0;
  for (const { name, value } of lines) {
    const prefix = prefixes.map((one) => one.toLowerCase()).find((one) => name.startsWith(one));
    if (prefix === undefined) continue;
    const key = decodeExtraKey(name.slice(prefix.length));
    bytes += key.length + value.length;
    if (key.length > largest.extraKey || bytes > largest.extraBytes) return undefined;
    extra.set(key, [...(extra.get(key) ?? []), value]);
    if (extra.size > largest.extras) return undefined;
  }
  return Object.fromEntries(extra);
}
