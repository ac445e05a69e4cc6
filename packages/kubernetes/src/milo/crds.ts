import type { KubeObject, ResourceType } from '../cluster/index.ts';
import { projectDefinition, projects } from './project.ts';
import type { Definition, Schema } from './schema.ts';
import {
  machineAccountDefinition,
  machineAccounts,
  serviceAccountDefinition,
  serviceAccounts,
} from './service-account.ts';
import { userDefinition, users } from './user.ts';
import { userDeactivationDefinition, userDeactivations } from './user-deactivation.ts';

/** A custom resource definition. @see https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/ */
export interface CustomResourceDefinition extends KubeObject {
  readonly kind: 'CustomResourceDefinition';
  readonly spec: Readonly<Record<string, unknown>>;
}

export const customResourceDefinitions: ResourceType<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/**
 * The definitions of Milo's kinds that are served here, for clusters without Milo. They are what `config/crd` is written from.
 *
 * @example
 * ```ts
 * import { miloDefinitions } from '@drawbridge/kubernetes';
 *
 * for (const { metadata } of miloDefinitions()) console.log(metadata.name); // users.iam.miloapis.com …
 * ```
 */
export function miloDefinitions(): readonly CustomResourceDefinition[] {
  return [
    define(users, userDefinition),
    define(userDeactivations, userDeactivationDefinition),
    define(serviceAccounts, serviceAccountDefinition),
    define(machineAccounts, machineAccountDefinition),
    define(projects, projectDefinition),
  ];
}

function define<T extends KubeObject>(
  type: ResourceType<T>,
  definition: Definition,
): CustomResourceDefinition {
  const { group, version, kind, plural, namespaced } = type;
  const { singular, shortNames, description, spec, status, columns } = definition;
  const schema: Schema = {
    type: 'object',
    description,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec,
      status,
    },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { kind, listKind: `${kind}List`, plural, singular, ...(shortNames ? { shortNames } : {}) },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: { status: {} },
          additionalPrinterColumns: columns,
        },
      ],
    },
  };
}
