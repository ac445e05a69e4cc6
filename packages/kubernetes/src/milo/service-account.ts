import type { KubeObject, ResourceType } from '../cluster/index.ts';
import type { Condition, State } from './condition.ts';
import { iamGroup, miloVersion } from './names.ts';
import {
  ageColumn,
  conditionsSchema,
  type Definition,
  readyColumn,
  reasonColumn,
  stateSchema,
} from './schema.ts';

/** A machine. Its user id in Zitadel is its `metadata.uid`. */
export interface ServiceAccount extends KubeObject {
  readonly kind: 'ServiceAccount';
  readonly spec?: { readonly state?: State };
  readonly status?: ServiceAccountStatus;
}

/** What service accounts were before May 2026: the same, in namespaces. */
export interface MachineAccount extends KubeObject {
  readonly kind: 'MachineAccount';
  readonly spec?: { readonly state?: State };
  readonly status?: ServiceAccountStatus;
}

export interface ServiceAccountStatus {
  /** Mail address, and user name in Zitadel. */
  readonly email?: string;
  readonly state?: State;
  readonly conditions?: readonly Condition[];
}

export const serviceAccounts: ResourceType<ServiceAccount> = {
  group: iamGroup,
  version: miloVersion,
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: false,
};

export const machineAccounts: ResourceType<MachineAccount> = {
  group: iamGroup,
  version: miloVersion,
  kind: 'MachineAccount',
  plural: 'machineaccounts',
  namespaced: true,
};

const definition: Omit<Definition, 'singular'> = {
  description: 'A machine that signs in to Zitadel with keys.',
  spec: {
    type: 'object',
    properties: {
      state: { ...stateSchema, default: 'Active', description: 'Whether it may sign in.' },
    },
  },
  status: {
    type: 'object',
    properties: {
      email: { type: 'string', maxLength: 320, description: 'Mail address, and user name in Zitadel.' },
      state: { ...stateSchema, description: 'What Zitadel says.' },
      conditions: conditionsSchema,
    },
  },
  columns: [
    { name: 'Email', type: 'string', jsonPath: '.status.email' },
    { name: 'State', type: 'string', jsonPath: '.status.state' },
    readyColumn,
    reasonColumn,
    ageColumn,
  ],
};

export const serviceAccountDefinition: Definition = { ...definition, singular: 'serviceaccount' };
export const machineAccountDefinition: Definition = { ...definition, singular: 'machineaccount' };
