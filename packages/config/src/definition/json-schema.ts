import type { StandardSchemaV1 } from './standard-schema.ts';

/**
 * What a schema takes, as JSON Schema, where its library can say so; undefined where it cannot.
 *
 * @see https://standardschema.dev/json-schema
 * @example
 * ```ts
 * import { defineConfig, jsonSchemaOf } from '@drawbridge/config';
 * import { z } from 'zod';
 *
 * const port = defineConfig('port', z.number());
 * console.log(jsonSchemaOf(port.schema)?.type); // number
 * ```
 */
export function jsonSchemaOf(schema: StandardSchemaV1): Readonly<Record<string, unknown>> | undefined {
  const standard = schema['~standard'] as { readonly jsonSchema?: { readonly input?: unknown } };
  const convert = standard.jsonSchema?.input;
  if (typeof convert !== 'function') return undefined;
  try {
    const made: unknown = convert({ target: 'draft-2020-12' });
    return typeof made === 'object' && made !== null ? (made as Record<string, unknown>) : undefined;
  } catch {
    // A library throws where a schema has no such form, as one with a transformation: then it cannot say.
    return undefined;
  }
}

/** Names of the fields that a schema takes; none where it cannot say. */
export function fieldNamesOf(schema: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const properties = schema?.properties;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** The schema of one field. */
export function fieldSchemaOf(
  schema: Readonly<Record<string, unknown>> | undefined,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  const properties = schema?.properties;
  if (typeof properties !== 'object' || properties === null || !Object.hasOwn(properties, name))
    return undefined;
  const field: unknown = (properties as Record<string, unknown>)[name];
  return typeof field === 'object' && field !== null ? (field as Record<string, unknown>) : undefined;
}
