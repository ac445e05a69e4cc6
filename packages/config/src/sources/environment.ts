import { readScalar } from './scalar.ts';
import type { ConfigSource, FieldValue } from './source.ts';

/** Which variables are read. */
export interface EnvironmentSourceOptions {
  /** What their names begin with. Default `DRAWBRIDGE_CONFIG_`. */
  readonly prefix?: string;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Values from environment variables. `billing/stripe-key` is `DRAWBRIDGE_CONFIG_BILLING_STRIPE_KEY`: JSON, or a text, number or truth as
 * it is. Two underscores lead to a single field: `DRAWBRIDGE_CONFIG_DATABASE__URL` lays `url` over whatever the next source says of
 * `database`. An empty variable counts as not set.
 *
 * @example
 * ```ts
 * import { environmentSource } from '@drawbridge/config';
 *
 * const source = environmentSource({ prefix: 'SHOP_', env: { SHOP_PORT: '8080' } });
 * console.log(await source.read('port', { mayAsk: false }));
 * ```
 */
export function environmentSource(options: EnvironmentSourceOptions = {}): ConfigSource {
  const { prefix = 'DRAWBRIDGE_CONFIG_', env = process.env } = options;
  return {
    name: 'environment',
    writable: false,
    async read(key) {
      const variable = variableOf(key, prefix);
      const whole = env[variable];
      const fields = fieldsOf(variable, env);
      if (whole !== undefined && whole !== '') {
        const { value, orText } = readScalar(whole);
        return {
          state: 'found',
          value,
          ...(orText === undefined ? {} : { or: { value: orText } }),
          where: variable,
          ...(fields.length > 0 ? { fields } : {}),
        };
      }
      const why = `${variable} is ${whole === undefined ? 'not set' : 'empty'}`;
      return fields.length > 0 ? { state: 'fields', fields, why } : { state: 'absent', why };
    },
  };
}

/**
 * The environment variable of a key.
 *
 * @example
 * ```ts
 * import { variableOf } from '@drawbridge/config';
 *
 * console.log(variableOf('billing/stripe-key')); // DRAWBRIDGE_CONFIG_BILLING_STRIPE_KEY
 * ```
 */
export function variableOf(key: string, prefix = 'DRAWBRIDGE_CONFIG_'): string {
  return `${prefix}${key.toUpperCase().replace(/[-/]/g, '_')}`;
}

function fieldsOf(variable: string, env: Readonly<Record<string, string | undefined>>): FieldValue[] {
  const start = `${variable}__`;
  return Object.keys(env)
    .filter((name) => name.startsWith(start) && name.length > start.length)
    .toSorted()
    .flatMap((name) => {
      const text = env[name];
      if (text === undefined || text === '') return [];
      const path = name.slice(start.length).split('__');
      return path.includes('') ? [] : [{ path, ...readScalar(text), where: name }];
    });
}
