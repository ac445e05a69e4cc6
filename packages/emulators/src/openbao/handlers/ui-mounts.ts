import { ApiError, noToken } from '../errors.ts';
import type { MountRow, NamespaceState } from '../store/index.ts';
import { type Call, type Caller, idAt, type Reply, type Route } from './call.ts';
import { allRows, showMount } from './mounts.ts';

/**
 * What of the mounts a caller may know: whatever a policy of theirs reaches into. `bao kv` asks it before anything else, for the
 * engine's version (vault/logical_system.go, pathInternalUIMountsRead and pathInternalUIMountRead).
 */
export const uiMountRoutes: readonly Route[] = [
  { path: 'internal/ui/mounts', handlers: { read: listKnown }, isOpen: true, asksCaller: true },
  { path: 'internal/ui/mounts/**', handlers: { read: readKnown }, isOpen: true, asksCaller: true },
];

/** Who comes without a token learns of what is listed for everybody, and little of it. */
function listKnown({ namespace, caller }: Call): Reply {
  const known = (kind: MountRow['kind']) =>
    Object.fromEntries(
      allRows(namespace, kind)
        .filter((row) => row.listingVisibility === 'unauth' || (caller && reaches(caller, namespace, row)))
        .map((row) => [`${row.path}/`, caller ? showMount(row) : showLittle(row)]),
    );
  return { data: { secret: known('mounts'), auth: known('auth') } };
}

/** The mount that a path is in. One that is not there is refused as one that may not be known, so that nobody finds out by trying. */
function readKnown(call: Call): Reply {
  const { caller, kernel, namespace } = call;
  if (!caller) throw noToken();
  const path = `${idAt(call)}/`;
  const full = namespace.path + path;
  const inner = [...kernel.state.namespaces.values()]
    .filter((one) => full.startsWith(one.path) && one.path.startsWith(namespace.path))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  const row = inner && rowAt(inner, full.slice(inner.path.length));
  if (!inner || !row || !reaches(caller, inner, row))
    throw new ApiError(403, [
      `preflight capability check returned 403, please ensure client's policies grant access to path ${JSON.stringify(path)}`,
    ]);
  const shown = inner === namespace ? `${row.path}/` : inner.path.slice(namespace.path.length) + placeOf(row);
  return { data: { ...showMount(row), path: shown } };
}

function rowAt(namespace: NamespaceState, path: string): MountRow | undefined {
  return [...allRows(namespace, 'auth'), ...allRows(namespace, 'mounts')]
    .filter((row) => path.startsWith(placeOf(row)))
    .toSorted((a, b) => placeOf(b).length - placeOf(a).length)[0];
}

function placeOf({ kind, path }: MountRow): string {
  return kind === 'auth' ? `auth/${path}/` : `${path}/`;
}

function reaches({ acl, token }: Caller, namespace: NamespaceState, row: MountRow): boolean {
  return namespace.path.startsWith(token.namespace) && acl.reaches(namespace.path + placeOf(row));
}

function showLittle({ type, description, options }: MountRow): object {
  return { type, description, options };
}
