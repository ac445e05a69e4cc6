import { inspect } from 'node:util';
import {
  type ConfigDefinition,
  createConfigManager,
  defineConfig,
  environmentSource,
  unsetSource,
} from '@drawbridge/config';
import { DrawbridgeError } from '@drawbridge/kit/core';
import { type } from 'arktype';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { remote, value } from '../support/sources.ts';

const failure = async (work: Promise<unknown>): Promise<DrawbridgeError> => {
  const caught = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (caught instanceof DrawbridgeError) return caught;
  throw new Error('it was expected to fail');
};
const everythingOf = (error: Error) => inspect(error, { depth: 9 }) + JSON.stringify(error) + error.message;

describe('what is wrong', () => {
  it('is told all at once, with the sources that were tried and why each was passed over', async () => {
    const config = createConfigManager({
      sources: [
        environmentSource({ env: { DRAWBRIDGE_CONFIG_PORT: 'eighty', DRAWBRIDGE_CONFIG_A__X: '1' } }),
        unsetSource('OpenBao', 'OPENBAO_URL is not set'),
      ],
    });
    const port = defineConfig('port', z.number());
    const url = defineConfig('url', z.string());
    const a = defineConfig('a', z.object({ x: z.number(), y: z.string() }));
    const error = await failure(config.getAll({ port, url, a }));
    expect(error.code).toBe('config_invalid');
    expect(error.message).toBe('4 things are wrong with the configuration.');
    expect(error.problems).toEqual([
      {
        field: 'port',
        message:
          'is not valid: Invalid input: expected number, received string (environment, DRAWBRIDGE_CONFIG_PORT)',
      },
      {
        field: 'url',
        message: 'is missing: environment: DRAWBRIDGE_CONFIG_URL is not set; OpenBao: OPENBAO_URL is not set',
      },
      {
        field: 'a.y',
        message: 'is not valid: Invalid input: expected string, received undefined (not set anywhere)',
      },
      {
        field: 'a',
        message:
          'is set only in part: environment: DRAWBRIDGE_CONFIG_A is not set; OpenBao: OPENBAO_URL is not set',
      },
    ]);
    expect((await failure(config.getAll({ url }))).code).toBe('config_missing');
  });

  it('an outage is not absence: no later source is asked, and the outage is the error', async () => {
    const away = remote('openbao_sealed');
    const config = createConfigManager({ sources: [away, remote(value('other'))] });
    const one = defineConfig('one', z.string().default('never'));
    expect((await failure(config.get(one))).code).toBe('openbao_sealed');
    expect((await config.explain(one)).sources.map(({ state }) => state)).toEqual(['failed', 'not_asked']);
    const all = await failure(config.getAll({ one, two: defineConfig('two', z.string()) }));
    expect([all.code, all.info.exit]).toEqual(['openbao_sealed', 5]);
    expect(all.problems.map(({ field }) => field)).toEqual(['one', 'two']);
  });

  it.each<[string, ConfigDefinition, unknown]>([
    ['zod', defineConfig('a', z.object({ n: z.literal('expected') })), { n: 'hunter2hunter2' }],
    ['zod, whole', defineConfig('a', z.number(), { secret: true }), 'hunter2hunter2'],
    [
      'zod, own words',
      defineConfig(
        'a',
        z.object({ n: z.string().refine(() => false, { error: (i) => `no: ${String(i.input)}` }) }),
      ),
      { n: 'hunter2hunter2' },
    ],
    ['valibot', defineConfig('a', v.object({ n: v.pipe(v.string(), v.email()) })), { n: 'hunter2hunter2' }],
    ['arktype', defineConfig('a', type({ n: 'string.email' })), { n: 'hunter2hunter2' }],
    ['arktype, whole', defineConfig('a', type('string.email')), 'hunter2hunter2'],
    [
      'arktype, secret field',
      defineConfig('a', type({ n: 'string.email', m: 'number' }), { secretFields: ['n'] }),
      { n: 'hunter2hunter2', m: 'hunter2hunter2' },
    ],
  ])('S32 is told without the value (%s)', async (_name, definition, wrong) => {
    const config = createConfigManager({ sources: [remote(value(wrong))] });
    const error = await failure(config.get(definition));
    expect(error.code).toBe('config_invalid');
    expect(error.problems.length).toBeGreaterThan(0);
    expect(everythingOf(error)).not.toContain('hunter2');
    const explained = await config.explain(definition);
    expect(explained.state).toBe('invalid');
    expect(JSON.stringify(explained.problems)).not.toContain('hunter2');
  });

  it('S59 no secret gets into an error or an explanation, whatever it looks like', async () => {
    const secret = fc.string({ minLength: 6, maxLength: 40 }).filter((text) => text.trim().length >= 6);
    const schemas = [
      defineConfig('a', z.object({ k: z.string().max(2) }), { secretFields: ['k'] }),
      defineConfig('a', type({ k: 'string < 3' }), { secretFields: ['k'] }),
      defineConfig('a', z.object({ k: z.string().max(2) }), { secret: true }),
      defineConfig('a', z.object({ k: z.string() }), { secret: true }),
    ];
    await fc.assert(
      fc.asyncProperty(secret, fc.constantFrom(...schemas), async (text, definition) => {
        const marked = `§${text}§`;
        const config = createConfigManager({ sources: [remote(value({ k: marked }))] });
        const told = await config.get(definition).then(
          (got) => inspect(got, { depth: 9 }) + JSON.stringify(got),
          (error: Error) => everythingOf(error),
        );
        const explained = JSON.stringify(await config.explain(definition));
        const bare = JSON.stringify(await config.explain('a')) + inspect(await config.get('a'));
        for (const said of [told, explained, bare]) {
          expect(said).not.toContain(marked);
          expect(said).not.toContain(JSON.stringify(marked).slice(1, -1));
        }
      }),
    );
  });

  it('a value in an explanation is one that is not secret', async () => {
    const definition = defineConfig('a', z.object({ open: z.string(), shut: z.string() }), {
      secretFields: ['shut'],
    });
    const config = createConfigManager({ sources: [remote(value({ open: 'o', shut: 's' }))] });
    expect((await config.explain(definition)).fields).toEqual([
      { path: 'open', source: 'remote', where: 'remote/place', secret: false, value: 'o' },
      { path: 'shut', source: 'remote', where: 'remote/place', secret: true },
    ]);
  });
});
