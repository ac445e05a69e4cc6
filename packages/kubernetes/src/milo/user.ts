import type { KubeObject, ResourceType } from '../cluster/index.ts';
import type { Condition, State } from './condition.ts';
import { iamGroup, miloVersion } from './names.ts';
import {
  ageColumn,
  conditionsSchema,
  type Definition,
  stateSchema,
  zitadelReadyColumn,
  zitadelReasonColumn,
} from './schema.ts';

/** A person. `metadata.name` is the user id in Zitadel. */
export interface User extends KubeObject {
  readonly kind: 'User';
  readonly spec: {
    readonly email: string;
    readonly givenName?: string;
    readonly familyName?: string;
  };
  readonly status?: UserStatus;
}

export interface UserStatus {
  readonly conditions?: readonly Condition[];
  /** Whether the person may sign in. */
  readonly state?: State;
  readonly registrationApproval?: RegistrationApproval;
  readonly lastLoginProvider?: 'github' | 'google';
  readonly avatarUrl?: string;
}

/** What became of a registration. */
export type RegistrationApproval = 'Pending' | 'Approved' | 'Rejected';

export const users: ResourceType<User> = {
  group: iamGroup,
  version: miloVersion,
  kind: 'User',
  plural: 'users',
  namespaced: false,
};

export const userDefinition: Definition = {
  singular: 'user',
  description: 'A person who signs in with Zitadel. Its name is the user id there.',
  spec: {
    type: 'object',
    required: ['email'],
    properties: {
      email: { type: 'string', minLength: 1, maxLength: 200, description: 'Mail address of the person.' },
      givenName: { type: 'string', maxLength: 200, description: 'First name.' },
      familyName: { type: 'string', maxLength: 200, description: 'Last name.' },
    },
  },
  status: {
    type: 'object',
    properties: {
      conditions: conditionsSchema,
      state: { ...stateSchema, default: 'Active', description: 'Whether the person may sign in.' },
      registrationApproval: {
        type: 'string',
        enum: ['Pending', 'Approved', 'Rejected'],
        description: 'What an administrator decided about the registration.',
      },
      lastLoginProvider: {
        type: 'string',
        enum: ['github', 'google'],
        description: 'Identity provider of the last sign-in.',
      },
      avatarUrl: { type: 'string', maxLength: 2_048, description: 'Picture of the person.' },
    },
  },
  columns: [
    { name: 'Email', type: 'string', jsonPath: '.spec.email' },
    { name: 'State', type: 'string', jsonPath: '.status.state' },
    zitadelReadyColumn,
    zitadelReasonColumn,
    { name: 'Approval', type: 'string', jsonPath: '.status.registrationApproval', priority: 1 },
    ageColumn,
  ],
};
