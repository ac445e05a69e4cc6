import type { KubeObject, ResourceType } from '../cluster/index.ts';
import type { Condition } from './condition.ts';
import { iamGroup, miloVersion } from './names.ts';
import { ageColumn, conditionsSchema, type Definition, readyColumn, reasonColumn } from './schema.ts';

/** While it is there, a user is deactivated. */
export interface UserDeactivation extends KubeObject {
  readonly kind: 'UserDeactivation';
  readonly spec: {
    readonly userRef: { readonly name: string };
    readonly reason: string;
    readonly deactivatedBy: string;
    readonly description?: string;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export const userDeactivations: ResourceType<UserDeactivation> = {
  group: iamGroup,
  version: miloVersion,
  kind: 'UserDeactivation',
  plural: 'userdeactivations',
  namespaced: false,
};

export const userDeactivationDefinition: Definition = {
  singular: 'userdeactivation',
  description: 'While it is there, the user is deactivated in Zitadel.',
  spec: {
    type: 'object',
    required: ['userRef', 'reason', 'deactivatedBy'],
    properties: {
      userRef: {
        type: 'object',
        required: ['name'],
        description: 'The user.',
        properties: { name: { type: 'string', minLength: 1, maxLength: 253 } },
        // The one it was of would stay deactivated with nothing that says so.
        'x-kubernetes-validations': [
          { rule: 'self == oldSelf', message: 'cannot be changed: delete this one, and make another' },
        ],
      },
      reason: { type: 'string', minLength: 1, maxLength: 100, description: 'Why, in a few words.' },
      deactivatedBy: { type: 'string', minLength: 1, maxLength: 253, description: 'Who asked for it.' },
      description: { type: 'string', maxLength: 2_000, description: 'Why, in full.' },
    },
  },
  status: { type: 'object', properties: { conditions: conditionsSchema } },
  columns: [
    { name: 'User', type: 'string', jsonPath: '.spec.userRef.name' },
    { name: 'By', type: 'string', jsonPath: '.spec.deactivatedBy' },
    readyColumn,
    reasonColumn,
    ageColumn,
  ],
};
