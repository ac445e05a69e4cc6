import { createHash } from 'node:crypto';
import type { ResourceDescription } from '../resources/index.ts';
import { type Served, version } from './groups.ts';
import { markOf, operationId, pathOf, schemaName } from './naming.ts';
import { type Operation, pathsOf, typeOf } from './operations.ts';
import { deleteOptions, listMeta, objectMeta, openapiSchema, status } from './schemas.ts';

/** A document with what tells whether it is another one. */
export interface Document {
  readonly body: string;
  /** Upper-case hexadecimal. */
  readonly hash: string;
}

const title = 'Drawbridge identity API';
const answerTypes = ['application/json', 'application/yaml'];

/** A JSON document, ready to be sent. */
export function documentOf(content: object): Document {
  const body = JSON.stringify(content);
  return { body, hash: createHash('sha512').update(body).digest('hex').toUpperCase() };
}

/** The description of one group, version 3. */
export function openapiV3(group: string, { resources }: Served): Document {
  return documentOf({
    openapi: '3.0.0',
    info: { title, version },
    paths: Object.fromEntries(resources.flatMap((resource) => paths(group, resource))),
    components: {
      schemas: {
        ...Object.fromEntries(resources.flatMap((resource) => schemas(group, resource, refV3))),
        ...commonSchemas(group),
      },
    },
  });
}

/** The list of the descriptions. The hash is in the address, so that a client keeps the document as long as it is the same. */
export function openapiV3Index(documents: ReadonlyMap<string, Document>): Document {
  const entries = [...documents].map(([group, { hash }]) => [
    `apis/${group}/${version}`,
    { serverRelativeURL: `/openapi/v3/apis/${group}/${version}?hash=${hash}` },
  ]);
  return documentOf({ paths: Object.fromEntries(entries) });
}

/** Schemas of a resource and of its list. @param ref how a document refers to a schema */
export function schemas(
  group: string,
  { kind, schema }: ResourceDescription,
  ref: (name: string) => string,
): readonly (readonly [string, object])[] {
  const own = openapiSchema(schema);
  const head = {
    apiVersion: { type: 'string', description: `${group}/${version}` },
    kind: { type: 'string', description: 'What the object is.' },
  };
  // A default beside the reference is what Kubernetes writes, and what explain reads.
  const to = (name: string) => ({ allOf: [{ $ref: ref(schemaName(group, name)) }], default: {} });
  return [
    [
      schemaName(group, kind),
      {
        ...own,
        properties: { ...head, metadata: to('ObjectMeta'), ...(own.properties as object | undefined) },
        'x-kubernetes-group-version-kind': [markOf(group, kind)],
      },
    ],
    [
      schemaName(group, `${kind}List`),
      {
        type: 'object',
        description: `Several of ${kind}.`,
        required: ['items'],
        properties: {
          ...head,
          metadata: to('ListMeta'),
          items: { type: 'array', description: 'The objects.', items: to(kind) },
        },
        'x-kubernetes-group-version-kind': [markOf(group, `${kind}List`)],
      },
    ],
  ];
}

/** Schemas that every resource refers to. They have names of ours, so that no other server's are taken for them. */
export function commonSchemas(group: string): Readonly<Record<string, object>> {
  const all = { ObjectMeta: objectMeta, ListMeta: listMeta, DeleteOptions: deleteOptions, Status: status };
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [schemaName(group, name), schema]));
}

/** The schema that an operation answers with. */
export function answerName({ kind }: ResourceDescription, { answers }: Operation): string {
  if (answers === 'object') return kind;
  return answers === 'list' ? `${kind}List` : 'Status';
}

function refV3(name: string): string {
  return `#/components/schemas/${name}`;
}

function paths(group: string, resource: ResourceDescription): readonly (readonly [string, object])[] {
  return pathsOf(resource).map(({ onObject, operations }) => [
    pathOf(group, resource.plural, onObject),
    {
      ...(onObject
        ? {
            parameters: [
              {
                name: 'name',
                in: 'path',
                required: true,
                description: 'Name of the object.',
                schema: { type: 'string' },
              },
            ],
          }
        : {}),
      ...Object.fromEntries(operations.map((one) => [one.method, operation(group, resource, one)])),
    },
  ]);
}

function operation(group: string, resource: ResourceDescription, one: Operation): object {
  const refTo = (name: string) => ({ $ref: refV3(schemaName(group, name)) });
  const content = (types: readonly string[], schema: object) =>
    Object.fromEntries(types.map((type) => [type, { schema }]));
  return {
    tags: [`${group}_${version}`],
    description: one.description,
    operationId: operationId(group, one.action, resource.kind),
    parameters: one.query.map((name) => ({ name, in: 'query', schema: { type: typeOf(name) } })),
    ...(one.body === undefined
      ? {}
      : {
          requestBody: {
            content:
              one.body === 'patch'
                ? content(['application/merge-patch+json'], { type: 'object' })
                : content(['*/*'], refTo(one.body === 'object' ? resource.kind : 'DeleteOptions')),
          },
        }),
    responses: {
      [one.code]: {
        description: one.description,
        content: content(answerTypes, refTo(answerName(resource, one))),
      },
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': one.action,
    'x-kubernetes-group-version-kind': markOf(group, resource.kind),
  };
}
