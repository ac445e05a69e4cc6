import { environmentSource, variableOf } from '@drawbridge/config';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const mayAsk = { mayAsk: false };
const read = (env: Record<string, string>, key = 'a') => environmentSource({ env }).read(key, mayAsk);

describe('the environment', () => {
  it('has names in capitals, with the prefix that is wished', async () => {
    expect(variableOf('billing/stripe-key')).toBe('DRAWBRIDGE_CONFIG_BILLING_STRIPE_KEY');
    const source = environmentSource({ prefix: 'SHOP_', env: { SHOP_A: 'x' } });
    expect(await source.read('a', mayAsk)).toMatchObject({ value: 'x', where: 'SHOP_A' });
  });

  it.each([
    ['{"x":[1,true]}', { x: [1, true] }],
    ['5432', 5432],
    ['-1.5', -1.5],
    ['true', true],
    ['"quoted"', 'quoted'],
    ['plain text', 'plain text'],
    ['007', '007'],
    ['1e5', '1e5'],
    ['+5', '+5'],
    ['12345678901234567890', '12345678901234567890'],
    ['{broken', '{broken'],
    ['0x10', '0x10'],
  ])('reads %s as it is meant', async (text, value) => {
    expect(await read({ DRAWBRIDGE_CONFIG_A: text })).toMatchObject({ state: 'found', value });
  });

  it('has single fields by two underscores, to any depth', async () => {
    const answer = await read({ DRAWBRIDGE_CONFIG_A__POOL_SIZE: '5', DRAWBRIDGE_CONFIG_A__TLS__CA: 'pem' });
    expect(answer).toMatchObject({
      state: 'fields',
      why: 'DRAWBRIDGE_CONFIG_A is not set',
      fields: [
        { path: ['POOL_SIZE'], value: 5, orText: '5' },
        { path: ['TLS', 'CA'], value: 'pem', where: 'DRAWBRIDGE_CONFIG_A__TLS__CA' },
      ],
    });
  });

  it('holds an empty variable for one that is not set, and says so', async () => {
    expect(await read({ DRAWBRIDGE_CONFIG_A: '' })).toEqual({
      state: 'absent',
      why: 'DRAWBRIDGE_CONFIG_A is empty',
    });
    const odd = { DRAWBRIDGE_CONFIG_A__: 'x', DRAWBRIDGE_CONFIG_A__B____C: 'x' };
    expect(await read(odd)).toMatchObject({ state: 'absent' });
  });

  it('gives back any JSON that was put in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const text = JSON.stringify(value);
        const answer = await read({ DRAWBRIDGE_CONFIG_A: text });
        expect(answer).toMatchObject({ state: 'found' });
        if (answer.state === 'found') expect(JSON.stringify(answer.value)).toBe(text);
      }),
    );
  });

  it('keeps any text as a reading, so that a schema of texts always gets it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (text) => {
        const answer = await read({ DRAWBRIDGE_CONFIG_A: text });
        if (answer.state !== 'found') throw new Error('not found');
        expect([answer.value, answer.or?.value]).toContain(text);
      }),
    );
  });
});
