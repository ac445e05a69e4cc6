/** The part of JSON Schema that a structural schema of a custom resource may have and we use. */
export interface Schema {
  readonly type: 'object' | 'string' | 'array' | 'integer' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly default?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly items?: Schema;
  readonly 'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  /** Rules in CEL, each with what is said where it does not hold. */
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[];
}

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'date';
  readonly jsonPath: string;
  /** Above 0: with `-o wide` alone. */
  readonly priority?: number;
}

/** What a custom resource definition is made of, beside the names of the kind. */
export interface Definition {
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly description: string;
  readonly spec: Schema;
  readonly status: Schema;
  readonly columns: readonly Column[];
}

/** A condition as `metav1.Condition` has it. */
const condition: Schema = {
  type: 'object',
  required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
  properties: {
    type: { type: 'string', maxLength: 316, description: 'What it is about, such as Ready.' },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    observedGeneration: {
      type: 'integer',
      minimum: 0,
      description: 'Generation of the spec that it is about.',
    },
    lastTransitionTime: { type: 'string', format: 'date-time', description: 'When the status last changed.' },
    reason: {
      type: 'string',
      minLength: 1,
      maxLength: 1_024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    },
    message: { type: 'string', maxLength: 32_768 },
  },
};

/** `status.conditions`: one of each type. */
export const conditionsSchema: Schema = {
  type: 'array',
  description: 'What is so at present, and why.',
  items: condition,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
};

export const stateSchema: Schema = { type: 'string', enum: ['Active', 'Inactive'] };

export const readyColumn: Column = {
  name: 'Ready',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
};
/** Of kinds that others have conditions of, too. */
export const zitadelReadyColumn: Column = {
  ...readyColumn,
  jsonPath: '.status.conditions[?(@.type=="ZitadelReady")].status',
};
export const reasonColumn: Column = {
  name: 'Reason',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
  priority: 1,
};
export const ageColumn: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
export const zitadelReasonColumn: Column = {
  ...reasonColumn,
  jsonPath: '.status.conditions[?(@.type=="ZitadelReady")].reason',
};
