import { readFile } from 'node:fs/promises';
import { DrawbridgeError } from '../errors/index.ts';
import { translateFileError } from '../files/index.ts';

/** A settings file, flattened: `zitadel.issuer` → its value and line. */
export interface SettingsFile {
  readonly path: string;
  readonly entries: ReadonlyMap<string, { readonly value: unknown; readonly line: number }>;
}

/**
 * Reads the first of these files that exists.
 *
 * @throws {DrawbridgeError} `invalid_settings` when it is not a YAML mapping, `file_unreadable` when it cannot be opened
 */
export async function readSettingsFile(candidates: readonly string[]): Promise<SettingsFile | undefined> {
  for (const path of candidates) {
    try {
      return await parseSettings(path, await readFile(path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        throw translateFileError(error, path, 'file_unreadable');
    }
  }
  return undefined;
}

async function parseSettings(path: string, content: string): Promise<SettingsFile> {
  const { isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, version: '1.2', uniqueKeys: true });
  const [first] = document.errors;
  if (first) {
    throw new DrawbridgeError('invalid_settings', {
      message: `${path} is not valid YAML.`,
      where: `${path}:${lines.linePos(first.pos[0]).line}`,
      // The parser quotes the line it stumbled over, which may hold a secret: only its kind of complaint is told.
      saw: first.code,
    });
  }
  const entries = new Map<string, { value: unknown; line: number }>();
  const walk = (node: unknown, prefix: string): void => {
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      const name = `${prefix}${String(isScalar(key) ? key.value : key)}`;
      const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
      if (isMap(value)) walk(value, `${name}.`);
      else {
        const read = isSeq(value) || isScalar(value) ? (value.toJSON() as unknown) : undefined;
        entries.set(name, { value: read, line: lines.linePos(offset).line });
      }
    }
  };
  if (document.contents !== null && !isMap(document.contents)) {
    throw new DrawbridgeError('invalid_settings', {
      message: `${path} does not hold settings.`,
      where: path,
      saw: 'a document that is not a mapping of keys to values',
    });
  }
  walk(document.contents, '');
  return { path, entries };
}
