import type { Document, Pair } from 'yaml';
import { parseMediaType } from './accept.ts';
import { badRequest, StatusError } from './status.ts';

/** A body that was read. */
export interface ReadBody {
  readonly value: unknown;
  /** Paths of keys that stand there twice, the last of which was taken. */
  readonly duplicates: readonly string[];
}

/**
 * Reads a body that is JSON or YAML. Nothing of it stands in an error: a Secret may have been sent here by mistake.
 *
 * @param duplicates whether keys that stand there twice are to be found
 * @throws {StatusError} `unsupported_media_type`, `invalid_request`
 */
export async function readBody(
  bytes: Buffer,
  contentType: string | undefined,
  { duplicates = false }: { readonly duplicates?: boolean } = {},
): Promise<ReadBody> {
  const { type } = parseMediaType(contentType ?? '');
  const isYaml = type === 'application/yaml';
  if (type !== '' && type !== 'application/json' && !isYaml) throw unsupported();
  const text = bytes.toString('utf8');
  if (!isYaml) {
    const value = parseJson(text);
    return { value, duplicates: duplicates ? await duplicatesOf(text) : [] };
  }
  const document = await parseYaml(text);
  return { value: plain(document), duplicates: duplicates ? await duplicateKeys(document) : [] };
}

/** The body is in no format that is read here. */
function unsupported(): StatusError {
  return new StatusError(
    'unsupported_media_type',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('the body of the request is not JSON');
  }
}

/** A JSON text is a YAML text as well. One that is nested too deeply for that reader is no object of ours. */
async function duplicatesOf(text: string): Promise<readonly string[]> {
  return await duplicateKeys(await parseYaml(text));
}

async function parseYaml(text: string): Promise<Document.Parsed> {
  const { parseDocument } = await import('yaml');
  try {
    const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, merge: false });
    if (document.errors.length === 0) return document;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw badRequest('the body of the request is neither JSON nor YAML');
}

function plain(document: Document.Parsed): unknown {
  try {
    // Aliases are how a small text becomes an endless object.
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch {
    throw badRequest('the body of the request holds YAML aliases, which are not read here');
  }
}

async function duplicateKeys(document: Document.Parsed): Promise<readonly string[]> {
  const { isMap, isPair, isScalar, visit } = await import('yaml');
  const found: string[] = [];
  const keyOf = ({ key }: Pair) => (isScalar(key) ? String(key.value) : '');
  visit(document, {
    Map(_key, map, path) {
      const parents = path.filter(isPair).map(keyOf);
      const seen = new Set<string>();
      for (const item of map.items) {
        const name = keyOf(item);
        if (seen.has(name)) found.push([...parents, name].join('.'));
        seen.add(name);
      }
    },
  });
  return isMap(document.contents) ? found : [];
}
