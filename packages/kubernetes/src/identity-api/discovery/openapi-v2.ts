import type { ResourceDescription } from '../resources/index.ts';
import { type Served, version } from './groups.ts';
import { markOf, operationId, pathOf, schemaName } from './naming.ts';
import { answerName, commonSchemas, type Document, documentOf, schemas } from './openapi-v3.ts';
import { type Operation, pathsOf, typeOf } from './operations.ts';

const types = ['application/json', 'application/yaml'];

/** The description of all groups, version 2. kube-apiserver merges it into its own, for older clients. */
export function openapiV2({ groups, resources }: Served): Document {
  return documentOf({
    swagger: '2.0',
    info: { title: 'Drawbridge identity API', version },
    paths: Object.fromEntries(
      groups.flatMap((group) => resources.flatMap((resource) => paths(group, resource))),
    ),
    definitions: Object.assign(
      {},
      ...groups.map((group) => ({
        ...Object.fromEntries(resources.flatMap((resource) => schemas(group, resource, refV2))),
        ...commonSchemas(group),
      })),
    ) as object,
  });
}

function refV2(name: string): string {
  return `#/definitions/${name}`;
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
                type: 'string',
                description: 'Name of the object.',
              },
            ],
          }
        : {}),
      ...Object.fromEntries(operations.map((one) => [one.method, operation(group, resource, one)])),
    },
  ]);
}

function operation(group: string, resource: ResourceDescription, one: Operation): object {
  const refTo = (name: string) => ({ $ref: refV2(schemaName(group, name)) });
  const query = one.query.map((name) => ({ name, in: 'query', type: typeOf(name), uniqueItems: true }));
  const body =
    one.body === undefined
      ? []
      : [
          {
            name: 'body',
            in: 'body',
            ...(one.body === 'object' ? { required: true } : {}),
            schema:
              one.body === 'patch'
                ? { type: 'object' }
                : refTo(one.body === 'object' ? resource.kind : 'DeleteOptions'),
          },
        ];
  return {
    tags: [`${group}_${version}`],
    description: one.description,
    operationId: operationId(group, one.action, resource.kind),
    consumes: one.body === 'patch' ? ['application/merge-patch+json'] : ['*/*'],
    produces: types,
    schemes: ['https'],
    parameters: [...body, ...query],
    responses: {
      [one.code]: { description: one.description, schema: refTo(answerName(resource, one)) },
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': one.action,
    'x-kubernetes-group-version-kind': markOf(group, resource.kind),
  };
}
