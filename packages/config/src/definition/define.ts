import { DrawbridgeError, Secret } from '@drawbridge/kit/core';
import { requireKey } from './key.ts';
import type { InputOf, OutputOf, StandardSchemaV1 } from './standard-schema.ts';

/** One configuration value: where it is found, what it has to be, and what of it is secret. */
export interface ConfigDefinition<Value = unknown, Input = unknown> {
  readonly key: string;
  readonly schema: StandardSchemaV1<Input, unknown>;
  /** Whether all of it is secret. */
  readonly secret: boolean;
  /** Fields of it that are secret. */
  readonly secretFields: readonly string[];
  readonly description?: string;
  /** What a program gets: the validated value, with what is secret as `Secret`. */
  readonly present: (validated: unknown) => Value;
}

/** What a program gets of a definition. */
export type ValueOf<D extends ConfigDefinition> = ReturnType<D['present']>;

/** A value some of whose fields are secret. */
export type WithSecretFields<Value, Field extends string> = {
  [Name in keyof Value]: Name extends Field
    ? Secret<Exclude<Value[Name], undefined>> | Extract<Value[Name], undefined>
    : Value[Name];
};

/** The top-level names of a value that can be secret fields. */
export type FieldOf<Value> = Value extends object ? Extract<keyof Value, string> : never;

/** Beside key and schema. */
export interface DefinitionOptions {
  /** One sentence for `config schema` and for errors. */
  readonly description?: string;
}

/**
 * Defines a configuration value once, for the program that reads it, the command that sets it and the error that says what is wrong.
 * Anything that speaks Standard Schema will do: zod, valibot, arktype.
 *
 * What is secret comes as `Secret`, which prints `[redacted]`: the whole value with `secret: true`, or the named top-level fields.
 *
 * @throws {DrawbridgeError} `config_key_invalid`
 * @example
 * ```ts
 * import { defineConfig } from '@drawbridge/config';
 * import { z } from 'zod';
 *
 * export const database = defineConfig(
 *   'database',
 *   z.object({ url: z.url(), password: z.string(), poolSize: z.number().default(10) }),
 *   { secretFields: ['password'], description: 'The PostgreSQL of the service.' },
 * );
 * ```
 */
export function defineConfig<S extends StandardSchemaV1>(
  key: string,
  schema: S,
  options?: DefinitionOptions & { readonly secret?: false; readonly secretFields?: undefined },
): ConfigDefinition<OutputOf<S>, InputOf<S>>;
export function defineConfig<S extends StandardSchemaV1>(
  key: string,
  schema: S,
  options: DefinitionOptions & { readonly secret: true; readonly secretFields?: undefined },
): ConfigDefinition<Secret<OutputOf<S>>, InputOf<S>>;
export function defineConfig<S extends StandardSchemaV1, const Field extends FieldOf<OutputOf<S>>>(
  key: string,
  schema: S,
  options: DefinitionOptions & { readonly secret?: false; readonly secretFields: readonly Field[] },
): ConfigDefinition<WithSecretFields<OutputOf<S>, Field>, InputOf<S>>;
export function defineConfig(
  key: string,
  schema: StandardSchemaV1,
  options: DefinitionOptions & {
    readonly secret?: boolean;
    readonly secretFields?: readonly string[] | undefined;
  } = {},
): ConfigDefinition {
  const { secret = false, secretFields = [], description } = options;
  const isSchema = schema !== null && ['object', 'function'].includes(typeof schema);
  if (!isSchema || typeof schema['~standard']?.validate !== 'function') {
    throw new DrawbridgeError('config_invalid', {
      message: `What "${key}" is defined with is no Standard Schema.`,
      fix: 'Use a schema of zod 3.24, valibot 1, arktype 2 or later.',
    });
  }
  return Object.freeze({
    key: requireKey(key),
    schema,
    secret,
    secretFields: Object.freeze([...secretFields]),
    ...(description === undefined ? {} : { description }),
    present: (validated: unknown) => (secret ? new Secret(validated) : withSecrets(validated, secretFields)),
  });
}

function withSecrets(value: unknown, fields: readonly string[]): unknown {
  if (fields.length === 0 || typeof value !== 'object' || value === null) return value;
  const sealed = fields.flatMap((field) => {
    const inside = Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined;
    return inside === undefined ? [] : [[field, new Secret(inside)] as const];
  });
  return { ...value, ...Object.fromEntries(sealed) };
}
