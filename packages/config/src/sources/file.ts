import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DrawbridgeError, translateFileError } from '@drawbridge/kit/core';
import { requireKey } from '../definition/index.ts';
import type { ConfigSource } from './source.ts';

/** Which file is read. */
export interface FileSourceOptions {
  /** YAML or JSON. That there is none is fine. */
  readonly path: string;
  /** Where in it the values are: `config` for what stands below `config:`. Default: at its top. */
  readonly section?: string;
}

type Mapping = Readonly<Record<string, unknown>>;

/** Larger ones are refused, in bytes. */
const largestFile = 4 * 1024 * 1024;

/**
 * Values from a YAML or JSON file, which is read again when it has changed. `billing/stripe` is `stripe` below `billing`, or the name
 * `billing/stripe` itself.
 *
 * @example
 * ```ts
 * import { fileSource } from '@drawbridge/config';
 *
 * const source = fileSource({ path: 'drawbridge.yaml', section: 'config' });
 * console.log(await source.read('database', { mayAsk: false }));
 * ```
 */
export function fileSource(options: FileSourceOptions): ConfigSource {
  const { path, section } = options;
  const name = basename(path);
  let last: { readonly stamp: string; readonly values: Mapping } | undefined;

  const load = async (): Promise<Mapping | undefined> => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (last?.stamp === stamp) return last.values;
      if (size > largestFile)
        throw new DrawbridgeError('file_unreadable', { where: path, saw: `${size} bytes` });
      last = { stamp, values: inSection(await parse(path, await readFile(path, 'utf8')), section, path) };
      return last.values;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw translateFileError(error, path, 'file_unreadable');
    }
  };

  return {
    name: 'file',
    writable: false,
    async read(key) {
      const values = await load();
      if (!values) return { state: 'absent', why: `there is no ${name}` };
      const value = valueAt(values, key);
      const place = section === undefined ? name : `${name}, ${section}`;
      if (value === undefined || value === null)
        return { state: 'absent', why: `${name} has no "${[section, key].filter(Boolean).join('.')}"` };
      return { state: 'found', value, where: place };
    },
    async list() {
      return keysOf((await load()) ?? {});
    },
  };
}

async function parse(path: string, text: string): Promise<unknown> {
  // The parsers quote the line they stumbled over, which may hold a secret: only the place is told.
  if (path.endsWith('.json')) {
    try {
      return JSON.parse(text);
    } catch {
      throw new DrawbridgeError('config_invalid', { message: `${path} is not valid JSON.`, where: path });
    }
  }
  const { parseDocument, LineCounter } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', uniqueKeys: true });
  const [first] = document.errors;
  if (first) {
    throw new DrawbridgeError('config_invalid', {
      message: `${path} is not valid YAML.`,
      where: `${path}:${lines.linePos(first.pos[0]).line}`,
      saw: first.code,
    });
  }
  return document.toJS({ maxAliasCount: 100 }) as unknown;
}

function inSection(document: unknown, section: string | undefined, path: string): Mapping {
  const whole = document ?? {};
  const part = section === undefined ? whole : (asMapping(whole)?.[section] ?? {});
  const values = asMapping(part);
  if (values) return values;
  throw new DrawbridgeError('config_invalid', {
    message: `${path} does not hold a mapping of keys to values${section === undefined ? '' : ` in "${section}"`}.`,
    where: path,
  });
}

function valueAt(values: Mapping, key: string): unknown {
  if (Object.hasOwn(values, key)) return values[key];
  let at: unknown = values;
  for (const word of key.split('/')) {
    const mapping = asMapping(at);
    if (!mapping || !Object.hasOwn(mapping, word)) return undefined;
    at = mapping[word];
  }
  return at;
}

/** Names at the top. What stands below one may be fields of its value or further keys: a file does not say which. */
function keysOf(values: Mapping): string[] {
  return Object.keys(values).filter((key) => {
    try {
      return requireKey(key) === key;
    } catch {
      return false;
    }
  });
}

function asMapping(value: unknown): Mapping | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Mapping)
    : undefined;
}
