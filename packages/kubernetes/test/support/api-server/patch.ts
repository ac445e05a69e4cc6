import { isJson, type Json, same } from './json.ts';
import { badRequest, invalid } from './status.ts';

/** RFC 7396. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJson(patch)) return patch;
  const result: Json = isJson(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** The part of RFC 6902 that clients send: add, remove, replace, test. */
export function jsonPatch(target: Json, operations: unknown): Json {
  if (!Array.isArray(operations)) throw badRequest('the patch is no list of operations');
  const result: Json = structuredClone(target);
  for (const operation of operations) {
    const { op, path, value } = isJson(operation) ? operation : {};
    if (typeof path !== 'string') throw badRequest('an operation has no path');
    const keys = path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let parent: unknown = result;
    for (const key of keys)
      parent = Array.isArray(parent) ? parent[Number(key)] : isJson(parent) ? parent[key] : undefined;
    step({ op, last, value, path }, parent);
  }
  return result;
}

function step(
  {
    op,
    last,
    value,
    path,
  }: { readonly op: unknown; readonly last: string; readonly value: unknown; readonly path: string },
  parent: unknown,
): void {
  const present = Array.isArray(parent) ? parent[Number(last)] : isJson(parent) ? parent[last] : undefined;
  if (op === 'test') {
    if (!same(present, value)) throw invalid('Patch', '', `testing ${path} failed`);
    return;
  }
  if (Array.isArray(parent)) {
    if (op === 'add') parent.splice(last === '-' ? parent.length : Number(last), 0, value);
    else if (op === 'remove') parent.splice(Number(last), 1);
    else parent[Number(last)] = value;
  } else if (isJson(parent)) {
    if (op !== 'add' && !(last in parent)) throw invalid('Patch', '', `${path} is not there`);
    if (op === 'remove') delete parent[last];
    else parent[last] = value;
  } else {
    throw invalid('Patch', '', `${path} has no parent`);
  }
}
