import type { Schema } from '../resources/index.ts';

/** A JSON schema as OpenAPI writes it. */
export type OpenapiSchema = { readonly [key: string]: unknown };

/** One of our schemas in the words of OpenAPI, the same in both of its versions. */
export function openapiSchema(schema: Schema): OpenapiSchema {
  const { type, description, format, properties, required, items, listMapKeys } = schema;
  return {
    type,
    description,
    ...(format === undefined ? {} : { format }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, inner]) => [name, openapiSchema(inner)]),
          ),
        }),
    ...(required === undefined ? {} : { required }),
    ...(items === undefined ? {} : { items: openapiSchema(items) }),
    ...(listMapKeys === undefined
      ? {}
      : { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': listMapKeys }),
  };
}

const text = (description: string): OpenapiSchema => ({ type: 'string', description });
const texts = (description: string): OpenapiSchema => ({
  type: 'object',
  description,
  additionalProperties: { type: 'string' },
});

/** The metadata of objects here: less than Kubernetes' own, since nothing here has versions, owners or finalizers. */
export const objectMeta: OpenapiSchema = {
  type: 'object',
  description: 'What an object says of itself.',
  properties: {
    name: text('Name of the object, unique among those of its kind.'),
    generateName: text('Beginning of the name, where the server is to make one.'),
    uid: text('Id of the object, the same as long as it lives.'),
    creationTimestamp: { ...text('When Zitadel made it.'), format: 'date-time' },
    labels: texts('Keys and values that objects are selected by.'),
    annotations: texts('Keys and values that nothing is selected by.'),
  },
};

/** The metadata of lists. */
export const listMeta: OpenapiSchema = {
  type: 'object',
  description: 'What a list says of itself.',
  properties: {
    continue: text('What to ask the next part of the list with; absent at its end.'),
  },
};

/** What a deletion can be asked for. */
export const deleteOptions: OpenapiSchema = {
  type: 'object',
  description: 'How to delete.',
  properties: {
    apiVersion: text('Version of this form.'),
    kind: text('DeleteOptions'),
    dryRun: { type: 'array', description: 'All: only try.', items: { type: 'string' } },
    gracePeriodSeconds: { type: 'integer', format: 'int64', description: 'Taken, and without effect.' },
    propagationPolicy: text('Taken, and without effect.'),
    orphanDependents: { type: 'boolean', description: 'Taken, and without effect.' },
    preconditions: {
      type: 'object',
      description: 'What has to hold, or nothing is deleted.',
      properties: { uid: text('Id of the object.'), resourceVersion: text('Objects here have none.') },
    },
  },
};

/** Failures, and deletions that succeeded. */
export const status: OpenapiSchema = {
  type: 'object',
  description: 'How a request ended, where no object is answered.',
  properties: {
    apiVersion: text('v1'),
    kind: text('Status'),
    status: text('Success or Failure.'),
    message: text('What happened, for people.'),
    reason: text('What happened, as one word for programs.'),
    code: { type: 'integer', format: 'int32', description: 'Status of HTTP.' },
  },
};
