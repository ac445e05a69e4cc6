import {
  type ConfigSource,
  createConfigManager,
  defineConfig,
  environmentSource,
  type SourceAnswer,
  unsetSource,
} from '@drawbridge/config';
import { type } from 'arktype';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { remote, value } from '../support/sources.ts';

const fixed = (name: string, answer: SourceAnswer): ConfigSource => ({
  name,
  writable: false,
  read: async () => answer,
});
const database = defineConfig(
  'database',
  z.object({
    url: z.string(),
    poolSize: z.number().default(10),
    tls: z.object({ ca: z.string() }).optional(),
  }),
);
const store = value({ url: 'https://store', poolSize: 5 });

describe('sources in order', () => {
  it('the first that has the whole value wins, and later ones are not asked', async () => {
    const last = remote(store);
    const config = createConfigManager({
      sources: [
        environmentSource({ env: { DRAWBRIDGE_CONFIG_DATABASE: '{"url":"https://env"}' } }),
        fixed('file', store),
        last,
      ],
    });
    expect(await config.get(database)).toEqual({ url: 'https://env', poolSize: 10 });
    expect(last.reads).toEqual([]);
    const { sources } = await config.explain(database);
    expect(sources.map(({ name, state }) => [name, state])).toEqual([
      ['environment', 'found'],
      ['file', 'not_asked'],
      ['remote', 'not_asked'],
    ]);
    await config.close();
  });

  it('single fields lie over it, and every field is known by its source', async () => {
    const env = { DRAWBRIDGE_CONFIG_DATABASE__POOL_SIZE: '7', DRAWBRIDGE_CONFIG_DATABASE__TLS__CA: 'pem' };
    const config = createConfigManager({
      sources: [environmentSource({ env }), fixed('file', value({ url: 'https://file' }))],
    });
    expect(await config.get(database)).toEqual({ url: 'https://file', poolSize: 7, tls: { ca: 'pem' } });
    const { fields, state } = await config.explain(database);
    expect(state).toBe('found');
    expect(fields.map(({ path, source, where }) => [path, source, where])).toEqual([
      ['poolSize', 'environment', 'DRAWBRIDGE_CONFIG_DATABASE__POOL_SIZE'],
      ['tls.ca', 'environment', 'DRAWBRIDGE_CONFIG_DATABASE__TLS__CA'],
      ['url', 'file', 'remote/place'],
    ]);
  });

  it('a default of the schema is told as such, also where there is no value at all', async () => {
    const config = createConfigManager({ sources: [fixed('file', value({ url: 'x' }))] });
    const { fields } = await config.explain(database);
    expect(fields.at(0)).toMatchObject({ path: 'poolSize', source: 'schema', value: 10 });
    const none = createConfigManager({ sources: [unsetSource('file', 'there is no file')] });
    const level = defineConfig('level', z.string().default('info'));
    expect(await none.get(level)).toBe('info');
    expect((await none.explain(level)).fields).toEqual([
      { path: '', source: 'schema', where: 'its default', secret: false, value: 'info' },
    ]);
  });

  it('fields alone make a value where that is enough', async () => {
    const env = { DRAWBRIDGE_CONFIG_DATABASE__URL: 'https://env' };
    const config = createConfigManager({ sources: [environmentSource({ env })] });
    expect(await config.get(database)).toEqual({ url: 'https://env', poolSize: 10 });
  });

  it.each([
    ['zod', z.object({ poolSize: z.number(), ca_path: z.string() })],
    ['valibot', v.object({ poolSize: v.number(), ca_path: v.string() })],
    ['arktype', type({ poolSize: 'number', ca_path: 'string' })],
  ])('names in capitals find their fields in a value of %s', async (_name, schema) => {
    const env = { DRAWBRIDGE_CONFIG_A__POOL_SIZE: '7', DRAWBRIDGE_CONFIG_A__CA_PATH: '/ca' };
    const base = value({ poolSize: 1, ca_path: '/old' });
    const config = createConfigManager({ sources: [environmentSource({ env }), fixed('file', base)] });
    expect(await config.get(defineConfig('a', schema))).toEqual({ poolSize: 7, ca_path: '/ca' });
  });

  it('the schema names fields that no value has yet', async () => {
    const env = { DRAWBRIDGE_CONFIG_A__CA_PATH: '/ca' };
    const config = createConfigManager({ sources: [environmentSource({ env })] });
    expect(await config.get(defineConfig('a', z.object({ ca_path: z.string() })))).toEqual({
      ca_path: '/ca',
    });
  });

  it('a text with two readings is what the schema takes', async () => {
    const env = {
      DRAWBRIDGE_CONFIG_A__PORT: '5432',
      DRAWBRIDGE_CONFIG_A__PASSWORD: '5432',
      DRAWBRIDGE_CONFIG_PIN: '1234',
      DRAWBRIDGE_CONFIG_ON: 'true',
    };
    const config = createConfigManager({ sources: [environmentSource({ env })] });
    const schema = z.object({ port: z.number(), password: z.string() });
    expect(await config.get(defineConfig('a', schema))).toEqual({ port: 5432, password: '5432' });
    expect(await config.get(defineConfig('pin', z.string()))).toBe('1234');
    expect(await config.get(defineConfig('pin', z.number()))).toBe(1234);
    expect(await config.get(defineConfig('on', v.boolean()))).toBe(true);
  });

  it('what a source gave is never changed by what lies over it', async () => {
    const kept = { url: 'https://file', tls: { ca: 'old' } };
    const env = { DRAWBRIDGE_CONFIG_DATABASE__TLS__CA: 'new' };
    const config = createConfigManager({ sources: [environmentSource({ env }), fixed('file', value(kept))] });
    expect(await config.get(database)).toMatchObject({ tls: { ca: 'new' } });
    expect(kept.tls.ca).toBe('old');
    const polluted = {
      DRAWBRIDGE_CONFIG_DATABASE____PROTO____X: '1',
      DRAWBRIDGE_CONFIG_DATABASE__CONSTRUCTOR__X: '1',
    };
    await createConfigManager({
      sources: [environmentSource({ env: polluted }), fixed('file', value(kept))],
    }).get(database);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('whatever the sources have, the value is the fields of the first laid over the whole of the first', async () => {
    const names = ['a', 'b', 'c'] as const;
    const layer = fc.record({
      whole: fc.option(fc.dictionary(fc.constantFrom(...names), fc.integer()), { nil: undefined }),
      fields: fc.dictionary(fc.constantFrom(...names), fc.integer()),
    });
    const schema = z.record(z.string(), z.number());
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { maxLength: 4 }), async (layers) => {
        const sources = layers.map(({ whole, fields }, at): ConfigSource => {
          const over = Object.entries(fields).map(([name, of]) => ({ path: [name], value: of, where: name }));
          const answer: SourceAnswer = whole
            ? { state: 'found', value: whole, where: 'here', fields: over }
            : over.length > 0
              ? { state: 'fields', fields: over, why: 'no whole' }
              : { state: 'absent', why: 'nothing' };
          return fixed(`source ${at}`, answer);
        });
        const end = layers.findIndex(({ whole }) => whole !== undefined);
        const used = end < 0 ? layers : layers.slice(0, end + 1);
        const isThere = end >= 0 || used.some(({ fields }) => Object.keys(fields).length > 0);
        const expected: Record<string, number> = {};
        for (const { whole, fields } of used.toReversed()) Object.assign(expected, whole, fields);
        const got = await createConfigManager({ sources })
          .get(defineConfig('x', schema))
          .catch((error: { code: string }) => error.code);
        expect(got).toEqual(isThere ? expected : 'config_missing');
      }),
    );
  });
});
