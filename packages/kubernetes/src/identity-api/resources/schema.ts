/** The part of a JSON schema that objects here need; OpenAPI is made of it, and bodies are checked by it. */
export interface Schema {
  readonly type: 'object' | 'array' | 'string';
  readonly description: string;
  readonly format?: 'date-time';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Of an array's items. */
  readonly items?: Schema;
  /** Keys of which an array's items are told apart. */
  readonly listMapKeys?: readonly string[];
}

export const conditionsSchema: Schema = {
  type: 'array',
  description: 'What holds of the object at present.',
  listMapKeys: ['type'],
  items: {
    type: 'object',
    description: 'One condition.',
    required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
    properties: {
      type: { type: 'string', description: 'What it is about.' },
      status: { type: 'string', description: 'True, False or Unknown.' },
      lastTransitionTime: {
        type: 'string',
        format: 'date-time',
        description: 'When the status last changed.',
      },
      reason: { type: 'string', description: 'Why it is so, as one word for programs.' },
      message: { type: 'string', description: 'Why it is so, for people.' },
    },
  },
};
