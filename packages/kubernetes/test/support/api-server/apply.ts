import { leavesOf, removeLeaf, setLeaf } from './fields.ts';
import { type Json, same } from './json.ts';
import { Refusal } from './status.ts';

/** Which manager owns which fields of an object: `manager/subresource` → paths. */
export type Ownership = Map<string, Set<string>>;

/**
 * Server-side apply: fields of the configuration become the manager's; those that were its alone and are left out go. A field that
 * another manager gave another value is a conflict, unless forced.
 */
export function applyConfiguration(
  present: Json,
  configuration: Json,
  owners: Ownership,
  { manager, force }: { readonly manager: string; readonly force: boolean },
): Json {
  const result: Json = structuredClone(present);
  const wanted = leavesOf(configuration);
  const now = leavesOf(present);
  const conflicts: string[] = [];
  for (const [path, value] of wanted) {
    if (same(now.get(path), value)) continue;
    for (const [other, paths] of owners) {
      if (other === manager || !paths.has(path)) continue;
      if (force) paths.delete(path);
      else conflicts.push(`conflict with "${other}": ${path.replaceAll('\u0000f:', '.')}`);
    }
  }
  if (conflicts.length > 0) {
    throw new Refusal(
      409,
      'Conflict',
      `Apply failed with ${conflicts.length} conflict: ${conflicts.join(', ')}`,
      {
        causes: conflicts.map((message) => ({ reason: 'FieldManagerConflict', message })),
      },
    );
  }
  // An entry's key last: it is how the entry is found.
  const mine = [...(owners.get(manager) ?? [])].sort(
    (one, other) => Number(one.endsWith('f:type')) - Number(other.endsWith('f:type')),
  );
  for (const path of mine) {
    const shared = [...owners].some(([other, paths]) => other !== manager && paths.has(path));
    if (!wanted.has(path) && !shared) removeLeaf(result, path);
  }
  for (const [path, value] of wanted) setLeaf(result, path, value);
  owners.set(manager, new Set(wanted.keys()));
  return result;
}

/** A write that is no apply owns what it changed. */
export function claim(owners: Ownership, manager: string, paths: readonly string[]): void {
  for (const owned of owners.values()) for (const path of paths) owned.delete(path);
  const mine = owners.get(manager) ?? new Set<string>();
  for (const path of paths) mine.add(path);
  owners.set(manager, mine);
}
