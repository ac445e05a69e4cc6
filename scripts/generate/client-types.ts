import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../support/workspace.ts';

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Json;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Json };
  readonly responses: Readonly<Record<string, { readonly content?: Json }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

/** The client's types, made from the OpenAPI document that the API serves. */
export function clientTypes(): string {
  const document = JSON.parse(
    run(process.execPath, [
      '--conditions=@drawbridge/source',
      join(root, 'scripts/generate/openapi-document.ts'),
    ]),
  ) as Document;
  const biome = join(root, 'node_modules/.bin/biome');
  return run(biome, ['format', '--stdin-file-path=packages/directory/src/client/api.ts'], typesOf(document));
}

/** The types as text, before they are laid out. */
function typesOf({ paths, components }: Document): string {
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `${comment(schema.description)}export type ${name} = ${typeOf(schema)};\n`,
  );
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, operation]) =>
        `${comment(operation.summary)}'${method.toUpperCase()} ${path}': ${routeOf(operation)};\n`,
    ),
  );
  return [
    '// Made by scripts/generate.ts from the OpenAPI document of the API; not to be edited.\n',
    ...schemas,
    '/** Every route: what is asked and what is answered. */\nexport interface Routes {\n',
    ...routes,
    '}\n',
  ].join('\n');
}

function routeOf({ parameters = [], requestBody, responses }: Operation): string {
  const places = { path: 'params', query: 'query', header: 'headers' } as const;
  const asked = Object.entries(places).flatMap(([where, name]) => {
    const own = parameters.filter((parameter) => parameter.in === where);
    if (own.length === 0) return [];
    const fields = own.map(
      ({ name: field, required, description, schema }) =>
        `${comment(description)}readonly '${field}'${required ? '' : '?'}: ${inputOf(schema)}${required ? '' : ' | undefined'};`,
    );
    const optional = own.every(({ required }) => !required);
    return [
      `readonly ${name}${optional ? '?' : ''}: {\n${fields.join('\n')}\n}${optional ? ' | undefined' : ''};`,
    ];
  });
  if (requestBody) {
    const [type = '', body] = Object.entries(requestBody.content)[0] ?? [];
    const text = type === 'application/json' ? typeOf((body as { schema: Json }).schema) : 'string';
    asked.push(`readonly body: ${text};`);
  }
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  const json = (success?.content?.['application/json'] as { schema?: Json } | undefined)?.schema;
  const answer = json === undefined ? 'string' : typeOf(json);
  const all = asked.length === 0 ? 'Readonly<Record<never, never>>' : `{\n${asked.join('\n')}\n}`;
  return `{ readonly asked: ${all}; readonly answer: ${answer} }`;
}

/** In an address a number or a truth may be given as such. */
function inputOf(schema: Json): string {
  const type = typeOf(schema);
  return type === 'string' && schema.format === undefined && schema.maxLength === undefined
    ? 'string | boolean'
    : type;
}

const plain: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** A JSON Schema as a type. One that it does not know is an error here, not `any` there. */
function typeOf(schema: Json): string {
  const { $ref, enum: values, const: value, anyOf, oneOf, allOf, type } = schema;
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1);
  if (value !== undefined) return JSON.stringify(value);
  if (Array.isArray(values)) return values.map((one) => JSON.stringify(one)).join(' | ');
  const several = anyOf ?? oneOf;
  if (Array.isArray(several)) return several.map((one) => `(${typeOf(one as Json)})`).join(' | ');
  if (Array.isArray(allOf)) return allOf.map((one) => `(${typeOf(one as Json)})`).join(' & ');
  if (Array.isArray(type))
    return type.map((one) => `(${typeOf({ ...schema, type: one as unknown })})`).join(' | ');
  if (type === 'array') return `readonly (${typeOf((schema.items ?? {}) as Json)})[]`;
  if (type === 'object') return objectOf(schema);
  if (typeof type === 'string' && plain[type] !== undefined) return plain[type];
  if (type === undefined) return 'unknown';
  throw new Error(`no type is known for ${JSON.stringify(schema).slice(0, 200)}`);
}

function objectOf({ properties, required = [], additionalProperties }: Json): string {
  if (properties === undefined) {
    const values =
      typeof additionalProperties === 'object' ? typeOf(additionalProperties as Json) : 'unknown';
    return `Readonly<Record<string, ${values}>>`;
  }
  const needed = new Set(required as readonly string[]);
  const fields = Object.entries(properties as Readonly<Record<string, Json>>).map(
    ([name, schema]) =>
      `${comment(schema.description)}readonly '${name}'${needed.has(name) ? '' : '?'}: ${typeOf(schema)}${needed.has(name) ? '' : ' | undefined'};`,
  );
  return `{\n${fields.join('\n')}\n}`;
}

function comment(text: unknown): string {
  return typeof text === 'string' && text !== '' ? `/** ${text.replaceAll('*/', '*\\/')} */\n` : '';
}

function run(program: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    input,
    encoding: 'utf8',
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}
