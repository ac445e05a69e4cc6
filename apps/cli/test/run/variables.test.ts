import { describe, expect, it } from 'vitest';
import { isRefused, variablesOf } from '../../src/commands/run/variables.ts';

describe('values as environment variables', () => {
  it.each([
    ['greeting', 'hello', { GREETING: 'hello' }],
    ['billing/stripe-key', 'sk_1', { BILLING_STRIPE_KEY: 'sk_1' }],
    ['port', 8080, { PORT: '8080' }],
    ['hosts', ['a', 'b'], { HOSTS: '["a","b"]' }],
    [
      'database',
      { url: 'postgres://db', poolSize: 20, tls: { ca: 'PEM', 'server-name': 'db' }, note: null },
      {
        DATABASE_URL: 'postgres://db',
        DATABASE_POOL_SIZE: '20',
        DATABASE_TLS_CA: 'PEM',
        DATABASE_TLS_SERVER_NAME: 'db',
      },
    ],
  ])('%s', (key, value, variables) => {
    expect(Object.fromEntries(variablesOf(key, value, undefined))).toEqual(variables);
  });

  it('come whole with a prefix', () => {
    expect(variablesOf('database', { url: 'x' }, 'SHOP_')).toEqual([['SHOP_DATABASE', '{"url":"x"}']]);
  });

  it('are refused where they would start something else', () => {
    const names = ['PATH', 'LD_PRELOAD', 'DYLD_INSERT_LIBRARIES', 'NODE_OPTIONS', 'BASH_ENV', 'DATABASE_URL'];
    expect(names.filter(isRefused)).toEqual(names.slice(0, -1));
  });
});
