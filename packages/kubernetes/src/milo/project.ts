import type { KubeObject, ResourceType } from '../cluster/index.ts';
import type { Condition } from './condition.ts';
import { miloVersion, resourceManagerGroup } from './names.ts';
import {
  ageColumn,
  conditionsSchema,
  type Definition,
  zitadelReadyColumn,
  zitadelReasonColumn,
} from './schema.ts';

/** A project, with a control plane and an organization in Zitadel of its own. */
export interface Project extends KubeObject {
  readonly kind: 'Project';
  readonly spec?: { readonly ownerRef?: { readonly kind: string; readonly name: string } };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export const projects: ResourceType<Project> = {
  group: resourceManagerGroup,
  version: miloVersion,
  kind: 'Project',
  plural: 'projects',
  namespaced: false,
};

export const projectDefinition: Definition = {
  singular: 'project',
  description: 'A project of an organization, with a control plane of its own.',
  spec: {
    type: 'object',
    properties: {
      ownerRef: {
        type: 'object',
        required: ['kind', 'name'],
        description: 'Whose project it is.',
        properties: {
          kind: { type: 'string', enum: ['Organization'] },
          name: { type: 'string', minLength: 1, maxLength: 253 },
        },
      },
    },
  },
  status: { type: 'object', properties: { conditions: conditionsSchema } },
  columns: [
    { name: 'Owner', type: 'string', jsonPath: '.spec.ownerRef.name' },
    zitadelReadyColumn,
    zitadelReasonColumn,
    ageColumn,
  ],
};
