import { fieldNamesOf, fieldSchemaOf } from '../definition/index.ts';

/** One field to lay over a value. */
export interface Overlay {
  /** As a source writes it: `POOL_SIZE`. */
  readonly path: readonly string[];
  readonly value: unknown;
}

type JsonSchema = Readonly<Record<string, unknown>> | undefined;

/**
 * Lays fields over a copy of a value, the first of them uppermost.
 *
 * @param schema the value's JSON Schema, where it is known: it has the names of fields that the value lacks
 * @returns the value, and for each field the path that it was laid at
 */
export function layOver(
  base: unknown,
  fields: readonly Overlay[],
  schema: JsonSchema,
): { readonly value: unknown; readonly paths: readonly (readonly string[])[] } {
  if (fields.length === 0) return { value: base, paths: [] };
  const root = holderFrom(base);
  const paths = fields
    .toReversed()
    .map((field) => lay(root, field, schema))
    .reverse();
  return { value: root, paths };
}

type Holder = Record<string, unknown>;

function lay(root: Holder, { path, value }: Overlay, schema: JsonSchema): readonly string[] {
  const names: string[] = [];
  let holder = root;
  let known = schema;
  for (const [at, segment] of path.entries()) {
    const name = nameIn(holder, segment, known);
    names.push(name);
    if (at === path.length - 1) put(holder, name, value);
    else {
      const next = holderFrom(Object.hasOwn(holder, name) ? holder[name] : undefined);
      put(holder, name, next);
      holder = next;
      known = fieldSchemaOf(known, name);
    }
  }
  return names;
}

/** The field that is meant: one that is there, one that the schema names, or the segment in camel case. */
function nameIn(holder: Holder, segment: string, schema: JsonSchema): string {
  if (Array.isArray(holder)) return segment;
  const meant = plain(segment);
  const known = [...Object.keys(holder), ...fieldNamesOf(schema)].find((name) => plain(name) === meant);
  return known ?? camelCase(segment);
}

const plain = (name: string) => name.toLowerCase().replace(/[-_]/g, '');

function camelCase(segment: string): string {
  return segment
    .toLowerCase()
    .replace(/^_+/, '')
    .replace(/[-_]+(.?)/g, (_all, next: string) => next.toUpperCase());
}

/** A copy to write in. Anything but an object or a list has no fields, and gives way. */
function holderFrom(value: unknown): Holder {
  if (Array.isArray(value)) return structuredClone(value) as unknown as Holder;
  return typeof value === 'object' && value !== null ? (structuredClone(value) as Holder) : {};
}

/** As data of its own, whatever the name is. */
function put(holder: Holder, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
}
