import { version } from './groups.ts';

/** The name of a schema of a group: its domain reversed, as Kubernetes names types. */
export function schemaName(group: string, kind: string): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}

/** Where a resource of a group is. */
export function pathOf(group: string, plural: string, onObject: boolean): string {
  return `/apis/${group}/${version}/${plural}${onObject ? '/{name}' : ''}`;
}

/** A name for an operation, unique in a document. */
export function operationId(group: string, action: string, kind: string): string {
  const place = [...group.split('.'), version].map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return `${action}${place.join('')}${kind}`;
}

/** Marks what an operation or a schema is about. */
export function markOf(group: string, kind: string) {
  return { group, version, kind };
}
