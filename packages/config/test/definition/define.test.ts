import {
  defineConfig,
  jsonSchemaOf,
  requireKey,
  type StandardSchemaV1,
  type ValueOf,
} from '@drawbridge/config';
import { Secret } from '@drawbridge/kit/core';
import { type } from 'arktype';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

describe('a definition', () => {
  it('gets its types from the schema, whatever library that is of', () => {
    const byZod = defineConfig('a', z.object({ port: z.coerce.number() }));
    const byValibot = defineConfig('a', v.object({ port: v.number() }));
    const byArktype = defineConfig('a', type({ port: 'number' }));
    expectTypeOf<ValueOf<typeof byZod>>().toEqualTypeOf<{ port: number }>();
    expectTypeOf<ValueOf<typeof byValibot>>().toEqualTypeOf<{ port: number }>();
    expectTypeOf<ValueOf<typeof byArktype>>().toEqualTypeOf<{ port: number }>();
  });

  it('S59 makes what is secret a Secret, by type and at run time', () => {
    const whole = defineConfig('a', z.string(), { secret: true });
    expectTypeOf<ValueOf<typeof whole>>().toEqualTypeOf<Secret<string>>();
    expect(whole.present('x')).toBeInstanceOf(Secret);
    const schema = z.object({ user: z.string(), password: z.string(), pin: z.number().optional() });
    const fields = defineConfig('a', schema, { secretFields: ['password', 'pin'] });
    expectTypeOf<ValueOf<typeof fields>>().toEqualTypeOf<{
      user: string;
      password: Secret<string>;
      pin?: Secret<number> | undefined;
    }>();
    const made = fields.present({ user: 'ada', password: 'hunter2' });
    expect(JSON.stringify(made)).toBe('{"user":"ada","password":"[redacted]"}');
    expect(made.password.expose()).toBe('hunter2');
    expect(made).not.toHaveProperty('pin');
    // @ts-expect-error: there is no such field
    defineConfig('a', schema, { secretFields: ['passwort'] });
  });

  it('cannot be changed afterwards', () => {
    const made = defineConfig('a', z.string(), { description: 'What it is for.' });
    expect(Object.isFrozen(made)).toBe(true);
    expect(made.description).toBe('What it is for.');
  });

  it('takes any Standard Schema, and nothing else', () => {
    const own: StandardSchemaV1<unknown, number> = {
      '~standard': { version: 1, vendor: 'own', validate: (input) => ({ value: Number(input) }) },
    };
    expect(defineConfig('a', own).schema).toBe(own);
    const wrong = (() => true) as unknown as StandardSchemaV1;
    expect(() => defineConfig('a', wrong)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  it('says as JSON Schema what it takes, where its library can', () => {
    expect(jsonSchemaOf(z.object({ a: z.string() }))).toMatchObject({ type: 'object' });
    expect(jsonSchemaOf(type({ a: 'string' }))).toMatchObject({ type: 'object' });
    expect(jsonSchemaOf(v.object({ a: v.string() }))).toBeUndefined();
    expect(jsonSchemaOf(z.date())).toBeUndefined();
  });
});

describe('a key', () => {
  it.each(['database', 'billing/stripe-key', 'a_b/c-d/e1'])('can be %s', (key) => {
    expect(requireKey(key)).toBe(key);
  });

  it.each([
    '',
    'Database',
    '/a',
    'a/',
    'a//b',
    '../a',
    'a/../b',
    'a b',
    'a__b',
    '1a',
    'a.b',
    'a/1b',
    'x'.repeat(201),
  ])('cannot be "%s"', (key) => {
    expect(() => requireKey(key)).toThrow(expect.objectContaining({ code: 'config_key_invalid' }));
  });

  it('never leads anywhere but down', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let key: string;
        try {
          key = requireKey(text);
        } catch {
          return;
        }
        expect(new URL(`http://x/secret/data/app/dev/${key}`).pathname).toBe(`/secret/data/app/dev/${key}`);
      }),
    );
  });
});
