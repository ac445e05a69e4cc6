import { DrawbridgeError, Secret, silentLogger, systemClock } from '@drawbridge/kit/core';
import { type ConfigDefinition, requireKey } from '../definition/index.ts';
import type { ConfigSource, ReadContext } from '../sources/index.ts';
import { type Consultation, consult } from './consult.ts';
import { explanationOf } from './explanation.ts';
import { KeptAnswers } from './kept-answers.ts';
import { plainOf } from './plain.ts';
import { errorOf, type Fault, faultOf, triedIn } from './problems.ts';
import type {
  ConfigCall,
  ConfigChange,
  ConfigManager,
  ConfigManagerOptions,
  ConfigWritten,
} from './types.ts';
import { bareValueOf, type Validated, validate } from './validate.ts';

const quarterOfAnHour = 900_000;
const day = 86_400_000;

/**
 * Makes the manager. Nothing is read before the first call.
 *
 * @throws {DrawbridgeError} `invalid_settings` for cache times that do not fit
 * @example
 * ```ts
 * import { createConfigManager, defineConfig, environmentSource, fileSource } from '@drawbridge/config';
 * import { z } from 'zod';
 *
 * const server = defineConfig('server', z.object({ port: z.number(), host: z.string().default('127.0.0.1') }));
 * const config = createConfigManager({
 *   sources: [environmentSource(), fileSource({ path: 'drawbridge.yaml', section: 'config' })],
 * });
 * const { port, host } = await config.get(server);
 * console.log(host, port);
 * await config.close();
 * ```
 */
export function createConfigManager(options: ConfigManagerOptions): ConfigManager {
  const { sources, clock = systemClock, logger = silentLogger, onStale = () => undefined } = options;
  const { freshMs = quarterOfAnHour, maxAgeMs = day } = options.cache ?? {};
  if (!(freshMs >= 0) || !(maxAgeMs >= 0))
    throw new DrawbridgeError('invalid_settings', { message: 'Cache times are not negative.' });
  const tools = { freshMs, maxAgeMs, clock, logger, onStale };
  const kept = new Map(
    sources.flatMap((source) => (source.remote ? [[source, new KeptAnswers(source, tools)] as const] : [])),
  );
  let closing: Promise<void> | undefined;

  const contextOf = (
    definition: ConfigDefinition | undefined,
    call: ConfigCall,
    mayAsk = true,
  ): ReadContext => ({
    mayAsk: mayAsk && (options.mayAsk ?? true),
    ...(definition ? { definition } : {}),
    ...(call.signal ? { signal: call.signal } : {}),
  });

  const consultAll = async (
    target: ConfigDefinition | string,
    call: ConfigCall,
    mayAsk = true,
    of = sources,
  ): Promise<Consultation> => {
    if (closing !== undefined)
      throw new DrawbridgeError('shutting_down', { message: 'The configuration is closed.' });
    const { key, definition } = partsOf(target);
    const context = contextOf(definition, call, mayAsk);
    const ask = async (source: ConfigSource, name: string) => {
      const keeper = kept.get(source);
      if (keeper) return await keeper.read(name, context, call.fresh ?? false);
      return { answer: await source.read(name, context) };
    };
    const found = await consult(key, of, ask, context);
    if (call.signal?.aborted) throw new DrawbridgeError('canceled', { cause: call.signal.reason });
    return found;
  };

  const look = async (definition: ConfigDefinition, found: Consultation): Promise<Validated | undefined> =>
    found.error ? undefined : await validate(definition, found);

  /** A value, or what is wrong with it. */
  const tryGet = async (
    definition: ConfigDefinition,
    call: ConfigCall,
  ): Promise<{ readonly value: unknown } | { readonly fault: Fault }> => {
    const found = await consultAll(definition, call);
    const validated = await look(definition, found);
    if (validated?.issues.length === 0) return { value: definition.present(validated.output) };
    return { fault: faultOf(definition, found, validated) };
  };

  const getBare = async (key: string, call: ConfigCall): Promise<Secret<unknown>> => {
    const found = await consultAll(key, call);
    if (found.error) throw found.error;
    if (!found.whole && found.fields.length === 0)
      throw new DrawbridgeError('config_missing', { message: `${key} is missing: ${triedIn(found)}.` });
    return new Secret(bareValueOf(found));
  };

  const writable = (need: 'write' | 'remove' | 'history' | 'readVersion'): ConfigSource => {
    const source = sources.find((one) => one.writable);
    if (source?.[need]) return source;
    throw new DrawbridgeError('config_not_writable', {
      message: `None of the sources can be written to: ${sources.map(({ name }) => name).join(', ') || 'there are none'}.`,
    });
  };

  const requireValid = async (definition: ConfigDefinition | undefined, value: unknown): Promise<void> => {
    if (!definition) return;
    const answer = { state: 'found', value, where: 'what was to be written' } as const;
    const found = { key: definition.key, consulted: [], whole: { answer, source: 'set' }, fields: [] };
    const validated = await validate(definition, found);
    if (validated.issues.length > 0) throw errorOf([faultOf(definition, found, validated)]);
  };

  const write = async (
    target: ConfigDefinition | string,
    value: unknown,
    change: ConfigChange,
  ): Promise<ConfigWritten> => {
    const { key, definition } = partsOf(target);
    const source = writable('write');
    const plain = plainOf(key, value);
    await requireValid(definition, plain);
    const { cas, signal } = change;
    const told = { ...(cas === undefined ? {} : { cas }), ...(signal ? { signal } : {}) };
    try {
      const written = await source.write?.(key, plain, told);
      if (!written) throw new DrawbridgeError('internal');
      return { ...written, key, source: source.name, ...(await hiddenBy(key, source, change)) };
    } finally {
      // Also where it failed: it may have been written, or somebody else's change was in the way.
      await kept.get(source)?.forget(key);
    }
  };

  /** Whether an earlier source has the key too, so that the written value is not the one that programs get. */
  const hiddenBy = async (key: string, source: ConfigSource, call: ConfigCall) => {
    const earlier = sources.slice(0, sources.indexOf(source));
    const found = await consultAll(key, call, false, earlier);
    const over = found.whole
      ? { source: found.whole.source, where: found.whole.answer.where }
      : found.fields[0] && { source: found.fields[0].source, where: found.fields[0].where };
    return over ? { hiddenBy: over } : {};
  };

  return {
    async get(target: ConfigDefinition | string, call: ConfigCall = {}) {
      if (typeof target === 'string') return await getBare(target, call);
      const got = await tryGet(target, call);
      if ('fault' in got) throw errorOf([got.fault]);
      // The overloads say what it is; the definition's own `present` made it.
      return got.value as never;
    },

    async getAll(definitions, call = {}) {
      const entries = Object.entries(definitions);
      const got = await Promise.all(entries.map(([, definition]) => tryGet(definition, call)));
      const faults = got.flatMap((one) => ('fault' in one ? [one.fault] : []));
      if (faults.length > 0) throw errorOf(faults);
      const values = got.map((one) => ('value' in one ? one.value : undefined));
      return Object.fromEntries(entries.map(([name], at) => [name, values[at]])) as never;
    },

    set: (target: ConfigDefinition | string, value: unknown, change: ConfigChange = {}) =>
      write(target, value, change),

    async update(target, change, call = {}) {
      const { key, definition } = partsOf(target);
      const source = writable('write');
      for (let attempt = 1; ; attempt++) {
        const present = await source.read(key, contextOf(definition, call));
        const found = present.state === 'found' ? present : undefined;
        const cas = found ? found.version : 'absent';
        try {
          const next = change(found?.value);
          return await write(target, next, { ...call, ...(cas === undefined ? {} : { cas }) });
        } catch (error) {
          if (DrawbridgeError.from(error).code !== 'config_conflict' || attempt >= 5) throw error;
        }
      }
    },

    async unset(target, call = {}) {
      const { key, definition } = partsOf(target);
      const source = writable('remove');
      try {
        const removed = await source.remove?.(key, contextOf(definition, call));
        if (!removed) throw new DrawbridgeError('internal');
        return { ...removed, source: source.name };
      } finally {
        await kept.get(source)?.forget(key);
      }
    },

    async explain(target, call = {}) {
      const { definition } = partsOf(target);
      const found = await consultAll(target, call, false);
      if (!definition) {
        const isThere = found.whole !== undefined || found.fields.length > 0;
        const state = found.error ? 'unavailable' : isThere ? 'found' : 'missing';
        return explanationOf(found, state, [], undefined, undefined);
      }
      const validated = await look(definition, found);
      if (validated?.issues.length === 0) return explanationOf(found, 'found', [], definition, validated);
      const { kind, problems } = faultOf(definition, found, validated);
      return explanationOf(found, kind, problems, definition, validated);
    },

    async list(call = {}) {
      const context = contextOf(undefined, call);
      const listed = await Promise.all(
        sources.map(async (source) => ({ name: source.name, keys: (await source.list?.(context)) ?? [] })),
      );
      const keys = [...new Set(listed.flatMap((one) => one.keys))].toSorted();
      // A source that cannot list may still have some of these: variables do not say which key they are of.
      const mute = sources.filter((source) => !source.list && !source.remote && source.name !== 'prompt');
      return await Promise.all(
        keys.map(async (key) => {
          const names = new Set(listed.filter((one) => one.keys.includes(key)).map(({ name }) => name));
          for (const source of mute) {
            const answer = await source.read(key, contextOf(undefined, call, false));
            if (answer.state !== 'absent') names.add(source.name);
          }
          return { key, sources: sources.map(({ name }) => name).filter((name) => names.has(name)) };
        }),
      );
    },

    async history(target, call = {}) {
      const { key, definition } = partsOf(target);
      return (await writable('history').history?.(key, contextOf(definition, call))) ?? [];
    },

    async rollback(target, version, change = {}) {
      const { key, definition } = partsOf(target);
      const source = writable('readVersion');
      const answer = await source.readVersion?.(key, version, contextOf(definition, change));
      if (!answer) throw new DrawbridgeError('internal');
      return await write(target, answer.value, change);
    },

    close({ waitMs = 5_000 } = {}) {
      closing ??= (async () => {
        await Promise.all([...kept.values()].map((keeper) => keeper.close(waitMs)));
        for (const source of sources) await source.close?.();
      })();
      return closing;
    },
  };
}

function partsOf(target: ConfigDefinition | string): {
  readonly key: string;
  readonly definition?: ConfigDefinition;
} {
  return typeof target === 'string' ? { key: requireKey(target) } : { key: target.key, definition: target };
}
