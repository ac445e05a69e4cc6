import type { ConfigSource } from './source.ts';

/**
 * A source that is not set up, for the list of those that were tried: what it lacks is said wherever a value is missing.
 *
 * @example
 * ```ts
 * import { unsetSource } from '@drawbridge/config';
 *
 * const openbao = unsetSource('OpenBao', 'OPENBAO_URL is not set');
 * console.log(await openbao.read('database', { mayAsk: false }));
 * ```
 */
export function unsetSource(name: string, why: string): ConfigSource {
  return { name, writable: false, read: async () => ({ state: 'absent', why }) };
}
