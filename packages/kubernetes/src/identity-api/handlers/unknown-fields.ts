import type { Schema } from '../resources/index.ts';

/** What stands beside the schema in every object. */
const common = new Set(['apiVersion', 'kind', 'metadata']);
const mostFound = 100;

/** Fields of metadata that Kubernetes knows, whatever becomes of them here. */
const metadataFields = new Set([
  'annotations',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'labels',
  'managedFields',
  'name',
  'namespace',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** Paths of the fields of an object that its schema does not have. */
export function unknownFields(object: Readonly<Record<string, unknown>>, schema: Schema): readonly string[] {
  const rest = Object.fromEntries(Object.entries(object).filter(([key]) => !common.has(key)));
  const metadata = isRecord(object.metadata) ? Object.keys(object.metadata) : [];
  return [
    ...metadata.filter((key) => !metadataFields.has(key)).map((key) => `metadata.${key}`),
    ...walk(rest, schema, ''),
  ].slice(0, mostFound);
}

function walk(value: unknown, schema: Schema, path: string): readonly string[] {
  if (schema.items && Array.isArray(value)) {
    const { items } = schema;
    return value.flatMap((item, at) => walk(item, items, `${path.slice(0, -1)}[${at}].`));
  }
  if (schema.type !== 'object' || !isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const known =
      schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    return known === undefined ? [`${path}${key}`] : walk(inner, known, `${path}${key}.`);
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
