import { ageOf, type Column, leftUntil } from '../wire/index.ts';
import type { Listed, ResourceDescription } from './resource.ts';
import { conditionsSchema } from './schema.ts';
import { stableUid, timestamp } from './uid.ts';

/** The field that says whose keys are meant. */
export const accountField = 'spec.serviceAccountUserName';

/** A key with everything that is shown of it. */
export interface AccountKey {
  /** Its name here: the one it was made with, else its id. */
  readonly name: string;
  readonly keyId: string;
  readonly userId: string;
  /** User name of the service account. */
  readonly account: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly expiresAt: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly publicKey: string | undefined;
}

const text = (description: string) => ({ type: 'string', description }) as const;
const column = (name: string, description: string, priority: 0 | 1 = 0): Column => ({
  name,
  type: 'string',
  description,
  priority,
});

export const keyDescription: ResourceDescription = {
  plural: 'serviceaccountkeys',
  singular: 'serviceaccountkey',
  kind: 'ServiceAccountKey',
  categories: ['identity'],
  verbs: ['create', 'delete', 'get', 'list'],
  fields: [accountField],
  columns: [
    { ...column('Name', 'Name of the key.'), format: 'name' },
    column('Service Account', 'User name of the service account.'),
    column('Expires', 'When the key ends.'),
    column('Age', 'How long ago it was made.'),
    column('Key ID', 'Id of the key in Zitadel.', 1),
  ],
  schema: {
    type: 'object',
    description: 'A key that a service account signs in with.',
    properties: {
      spec: {
        type: 'object',
        description: 'What is wanted of the key.',
        required: ['serviceAccountUserName'],
        properties: {
          serviceAccountUserName: text('User name (mail address) of the service account.'),
          expirationDate: {
            ...text('When the key ends. Without it, after the default time of this server.'),
            format: 'date-time',
          },
          publicKey: text(
            'Public half in PEM, RSA of 2048 bits or more. Without it Zitadel makes a pair, and the private half is in the answer once.',
          ),
        },
      },
      status: {
        type: 'object',
        description: 'What became of the key.',
        properties: {
          authProviderKeyID: text('Id of the key in Zitadel.'),
          privateKey: text('Credentials document with the private half. In the answer to create alone.'),
          conditions: conditionsSchema,
        },
      },
    },
  },
};

/** A key as an object. @param more status that only the answer to its creation has */
export function keyObject(
  key: AccountKey,
  now: number,
  more: Readonly<Record<string, unknown>> = {},
): Listed {
  const { name, keyId, account, publicKey, labels, annotations } = key;
  const createdAt = timestamp(key.createdAt);
  const expirationDate = timestamp(key.expiresAt);
  const isOver = key.expiresAt !== undefined && Date.parse(key.expiresAt) <= now;
  return {
    object: {
      metadata: {
        name,
        uid: stableUid('ServiceAccountKey', keyId),
        ...(createdAt === undefined ? {} : { creationTimestamp: createdAt }),
        ...(Object.keys(labels).length === 0 ? {} : { labels }),
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      },
      spec: {
        serviceAccountUserName: account,
        ...(expirationDate === undefined ? {} : { expirationDate }),
        ...(publicKey === undefined ? {} : { publicKey }),
      },
      status: {
        authProviderKeyID: keyId,
        ...more,
        conditions: [
          {
            type: 'Ready',
            status: isOver ? 'False' : 'True',
            reason: isOver ? 'Expired' : 'Usable',
            message: isOver ? 'The key has run out.' : 'The service account can sign in with the key.',
            lastTransitionTime: (isOver ? expirationDate : createdAt) ?? '1970-01-01T00:00:00Z',
          },
        ],
      },
    },
    createdAt: key.createdAt,
    fields: { [accountField]: account },
    cells: () => [name, account, leftUntil(key.expiresAt, now), ageOf(key.createdAt, now), keyId],
  };
}
