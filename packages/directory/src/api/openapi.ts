/** As much of an OpenAPI document as is looked at here. */
interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

type Json = Readonly<Record<string, unknown>>;

const prefix = '#/components/schemas/';
const words: Readonly<Record<string, string>> = {
  '200': 'Done.',
  '201': 'Made.',
  '202': 'Taken on: a run does it.',
  '4XX': 'Refused; `code` says why.',
  '5XX': 'Failed; `code` says why.',
};

/**
 * The document as a reader wants it. The generator makes each schema twice, once for what comes in and once for what goes
 * out: the second is left out where nothing refers to it, and the first then has the plain name. Errors are problem
 * details, whatever else a route answers.
 */
export function tidyDocument(generated: object): object {
  const document = generated as Document;
  const { schemas = {} } = document.components ?? {};
  const used = referredTo(document.paths, schemas);
  const names = new Map<string, string>();
  for (const name of used) {
    const plain = name.replace(/Input$/, '');
    const same = !used.has(plain) || JSON.stringify(schemas[plain]) === JSON.stringify(schemas[name]);
    names.set(name, plain !== name && plain in schemas && same ? plain : name);
  }
  const kept = Object.entries(schemas)
    .filter(([name]) => used.has(name))
    .map(([name, schema]) => [names.get(name) ?? name, schema] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const renamed = JSON.stringify({
    ...document,
    components: { ...document.components, schemas: Object.fromEntries(kept) },
  }).replace(
    /"#\/components\/schemas\/(\w+)"/g,
    (_all, name: string) => `"${prefix}${names.get(name) ?? name}"`,
  );
  const known = new Set(kept.map(([name]) => `${prefix}${name}`));
  const result = JSON.parse(renamed, (_key, value: unknown) => (isDangling(value, known) ? {} : value)) as {
    paths?: Record<string, Record<string, Json>>;
  };
  for (const operations of Object.values(result.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations))
      operations[method] = tidyOperation(operation);
  }
  return result;
}

/** Any JSON is described by a schema of its own that the generator then leaves out: it is what nothing is said of. */
function isDangling(value: unknown, known: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null || !('$ref' in value)) return false;
  return typeof value.$ref === 'string' && value.$ref.startsWith(prefix) && !known.has(value.$ref);
}

function tidyOperation(operation: Json): Json {
  const responses = Object.entries((operation.responses ?? {}) as Record<string, Json>).map(
    ([status, response]) => {
      const description = words[status] ?? response.description;
      const content = /^[45]/.test(status) ? problemContent(response.content) : response.content;
      return [status, { ...response, description, ...(content === undefined ? {} : { content }) }] as const;
    },
  );
  return { ...operation, responses: Object.fromEntries(responses) };
}

function problemContent(content: unknown): unknown {
  const [schema] = Object.values((content ?? {}) as Json);
  return schema === undefined ? undefined : { 'application/problem+json': schema };
}

/** Names of the schemas that the paths refer to, directly or through others. */
function referredTo(paths: unknown, schemas: Json): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (value: unknown) => {
    for (const [, name = ''] of JSON.stringify(value ?? {}).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (found.has(name)) continue;
      found.add(name);
      look(schemas[name]);
    }
  };
  look(paths);
  return found;
}
