import { isJson, type Json, same, text } from './json.ts';

/**
 * A field as ownership knows it: `f:` names of a map, `k:` the key of an entry of a list that is merged by key, `v:` a value of a
 * list that is a set. Everything else is owned as a whole.
 */
type Path = string;

const listKeys: Readonly<Record<string, string>> = { conditions: 'type' };
const sets = new Set(['finalizers']);
const separator = '\u0000';

/** The leaves of a configuration, by path. */
export function leavesOf(value: Json, prefix = ''): Map<Path, unknown> {
  const leaves = new Map<Path, unknown>();
  for (const [name, inner] of Object.entries(value)) {
    const here = `${prefix}${separator}f:${name}`;
    const key = listKeys[name];
    if (Array.isArray(inner) && sets.has(name)) {
      for (const one of inner) leaves.set(`${here}${separator}v:${text(one)}`, one);
    } else if (Array.isArray(inner) && key !== undefined) {
      for (const one of inner.filter(isJson))
        for (const [path, leaf] of leavesOf(one, `${here}${separator}k:${text(one[key])}`))
          leaves.set(path, leaf);
    } else if (isJson(inner) && Object.keys(inner).length > 0) {
      for (const [path, leaf] of leavesOf(inner, here)) leaves.set(path, leaf);
    } else leaves.set(here, inner);
  }
  return leaves;
}

/** Puts a leaf into an object, making what is above it. */
export function setLeaf(target: Json, path: Path, value: unknown): void {
  walk(target, path.split(separator).slice(1), (parent, last) => {
    if (last.startsWith('f:') && isJson(parent)) {
      const name = last.slice(2);
      // An empty map says nothing of what others have in it.
      if (isJson(value) && isJson(parent[name])) return;
      parent[name] = value;
    } else if (last.startsWith('v:') && Array.isArray(parent) && !parent.includes(value)) parent.push(value);
  });
}

/** Takes a leaf away, and what becomes empty by it. */
export function removeLeaf(target: Json, path: Path): void {
  const keys = path.split(separator).slice(1);
  walk(target, keys, (parent, last) => {
    if (last.startsWith('f:') && isJson(parent)) delete parent[last.slice(2)];
    else if (last.startsWith('v:') && Array.isArray(parent)) {
      const index = parent.indexOf(last.slice(2));
      if (index >= 0) parent.splice(index, 1);
    }
  });
  prune(target, keys);
}

/** Leaves that two objects do not share. */
export function changedLeaves(before: Json, after: Json): Path[] {
  const old = leavesOf(before);
  return [...leavesOf(after)]
    .filter(([path, value]) => !old.has(path) || !same(old.get(path), value))
    .map(([path]) => path);
}

function walk(target: Json, keys: readonly string[], visit: (parent: unknown, last: string) => void): void {
  let parent: unknown = target;
  for (const [index, key] of keys.slice(0, -1).entries()) {
    const next = keys[index + 1] ?? '';
    if (key.startsWith('f:') && isJson(parent)) {
      const name = key.slice(2);
      parent[name] ??= next.startsWith('f:') ? {} : [];
      parent = parent[name];
    } else if (key.startsWith('k:') && Array.isArray(parent)) {
      const list: unknown[] = parent;
      const by =
        Object.values(listKeys).find((one) => list.some((entry) => isJson(entry) && one in entry)) ?? 'type';
      let entry = list.find((one) => isJson(one) && one[by] === key.slice(2));
      if (entry === undefined) {
        entry = { [by]: key.slice(2) };
        list.push(entry);
      }
      parent = entry;
    }
  }
  visit(parent, keys.at(-1) ?? '');
}

/** An entry of a keyed list without more than nothing goes; so does a map or list that was emptied. */
function prune(target: Json, keys: readonly string[]): void {
  for (let depth = keys.length - 1; depth > 0; depth -= 1) {
    const above = keys.slice(0, depth);
    const last = above.at(-1) ?? '';
    walk(target, above, (parent, name) => {
      if (name.startsWith('f:') && isJson(parent)) {
        const value = parent[name.slice(2)];
        const empty = Array.isArray(value)
          ? value.length === 0
          : isJson(value) && Object.keys(value).length === 0;
        if (empty && above.length > 1) delete parent[name.slice(2)];
      } else if (name.startsWith('k:') && Array.isArray(parent)) {
        const index = parent.findIndex((one) => isJson(one) && Object.keys(one).length === 0);
        if (index >= 0) parent.splice(index, 1);
      }
    });
    if (last === '') return;
  }
}
