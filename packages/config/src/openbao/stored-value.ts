import type { DrawbridgeError } from '@drawbridge/kit/core';
import type { KvData, KvSecret } from '@drawbridge/openbao';
import type { ConfigVersion, FoundAnswer } from '../sources/index.ts';

/** The one field of a value that is no object. */
const single = 'value';

/** A secret as the answer of the source. */
export function found(secret: KvSecret, where: string): FoundAnswer {
  const data = secret.data.expose();
  const names = Object.keys(data);
  const by = secret.customMetadata['drawbridge-by'];
  const isSingle = names.length === 1 && names[0] === single && data[single] !== null;
  return {
    state: 'found',
    // Whether it is the value itself or an object with this one field, its schema knows.
    ...(isSingle ? { value: data[single], or: { value: data } } : { value: data }),
    where,
    version: secret.version,
    at: secret.created.getTime(),
    ...(by === undefined ? {} : { by }),
  };
}

/** A value as it is written. */
export function dataOf(value: unknown): KvData {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as KvData) : { [single]: value };
}

/** A secret as a line of a history. */
export function versionOf(secret: KvSecret): ConfigVersion {
  return { version: secret.version, state: 'present', at: secret.created.getTime() };
}

/** The number that OpenBao tells with a version that was deleted. */
export function deletedVersion(error: DrawbridgeError): number {
  const { version } = error as { readonly version?: unknown };
  return typeof version === 'number' ? version : 0;
}
