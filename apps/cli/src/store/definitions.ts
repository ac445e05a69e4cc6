import { pathToFileURL } from 'node:url';
import type { ConfigDefinition } from '@drawbridge/config';
import { DrawbridgeError } from '@drawbridge/kit';
import type { Store } from './manager.ts';

/** Definitions by key. */
export type Definitions = ReadonlyMap<string, ConfigDefinition>;

/**
 * The definitions that a module of the project exports, one by one or in an object. It is run, as the program itself would run it.
 *
 * @throws {DrawbridgeError} `file_unreadable`
 */
export async function loadDefinitions(path: string): Promise<Definitions> {
  let exported: unknown;
  try {
    exported = await import(pathToFileURL(path).href);
  } catch (cause) {
    throw new DrawbridgeError('file_unreadable', {
      message: `${path} cannot be loaded.`,
      where: path,
      saw: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  const found = Object.values(exported as Readonly<Record<string, unknown>>).flatMap((one) =>
    isDefinition(one) ? [one] : definitionsIn(one),
  );
  if (found.length > 0) return new Map(found.map((one) => [one.key, one]));
  throw new DrawbridgeError('file_unreadable', {
    message: `${path} exports no definitions.`,
    where: path,
    fix: 'Export what defineConfig of @drawbridge/config gives.',
  });
}

/** What is meant by a key: its definition, where there is one. */
export async function targetOf(
  { definitions }: Pick<Store, 'definitions'>,
  key: string,
): Promise<ConfigDefinition | string> {
  if (definitions === undefined) return key;
  return (await loadDefinitions(definitions)).get(key) ?? key;
}

function definitionsIn(value: unknown): readonly ConfigDefinition[] {
  return typeof value === 'object' && value !== null ? Object.values(value).filter(isDefinition) : [];
}

function isDefinition(value: unknown): value is ConfigDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { key, schema, present } = value as Partial<ConfigDefinition>;
  return typeof key === 'string' && schema !== undefined && typeof present === 'function';
}
