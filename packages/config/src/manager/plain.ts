import { DrawbridgeError, Secret } from '@drawbridge/kit/core';

/**
 * A value as it is written down: secrets inside are exposed, since they go to where they are kept, and only JSON remains.
 *
 * @throws {DrawbridgeError} `config_invalid` for what JSON cannot hold
 */
export function plainOf(key: string, value: unknown): unknown {
  const bare = expose(value);
  let text: string | undefined;
  try {
    text = JSON.stringify(bare);
  } catch {
    text = undefined;
  }
  if (text !== undefined) return JSON.parse(text);
  throw new DrawbridgeError('config_invalid', { message: `The value for ${key} cannot be written as JSON.` });
}

function expose(value: unknown): unknown {
  if (value instanceof Secret) return expose(value.expose());
  if (Array.isArray(value)) return value.map(expose);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, expose(inside)]));
}
