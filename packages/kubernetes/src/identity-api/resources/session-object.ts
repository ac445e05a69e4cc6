import type { FoundSession } from '@drawbridge/zitadel';
import { ageOf, type Column, leftUntil, type VirtualObject } from '../wire/index.ts';
import type { Listed, ResourceDescription } from './resource.ts';
import { userField } from './subject.ts';
import { stableUid, timestamp } from './uid.ts';

/** Metadata of a session that is shown, and as which annotation. Everything else stays in Zitadel. */
const annotated: Readonly<Record<string, string>> = {
  'maxmind/tracking-token': 'iam.miloapis.com/maxmind-tracking-token',
};

const text = (description: string) => ({ type: 'string', description }) as const;
const column = (name: string, description: string, priority: 0 | 1 = 0): Column => ({
  name,
  type: 'string',
  description,
  priority,
});

export const sessionDescription: ResourceDescription = {
  plural: 'sessions',
  singular: 'session',
  kind: 'Session',
  categories: ['identity'],
  verbs: ['delete', 'deletecollection', 'get', 'list'],
  fields: [userField],
  columns: [
    { ...column('Name', 'Id of the session in Zitadel.'), format: 'name' },
    column('IP', 'Address that the session was begun from.'),
    column('Agent', 'Program that it was begun with.'),
    column('Expires', 'When it ends by itself.'),
    column('Age', 'How long ago it was begun.'),
    column('Provider', 'Who keeps the session.', 1),
    column('Fingerprint', 'Id of the browser, if the login gave it one.', 1),
    column('Updated', 'How long ago it last changed.', 1),
    column('User', 'Id of the user.', 1),
  ],
  schema: {
    type: 'object',
    description:
      'A sign-in of a user, as Zitadel keeps it. Deleting it ends it, and the tokens that were issued for it.',
    properties: {
      status: {
        type: 'object',
        description: 'What is known of the session.',
        properties: {
          userUID: text('Id of the user who signed in.'),
          provider: text('Who keeps the session: zitadel.'),
          ip: text('Address that the session was begun from, if the login recorded it.'),
          fingerprintID: text('Id of the browser, if the login gave it one.'),
          userAgent: text('Program that the session was begun with, if the login recorded it.'),
          createdAt: { ...text('When the session was begun.'), format: 'date-time' },
          lastUpdatedAt: { ...text('When the session last changed.'), format: 'date-time' },
        },
      },
    },
  },
};

/** A session as an object. @param userId whose it is */
export function sessionObject(session: FoundSession, userId: string, now: number): Listed {
  const { id, userAgent, creationDate, changeDate, expirationDate } = session;
  const createdAt = timestamp(creationDate);
  const agent = userAgent?.description ?? headerOf(session, 'user-agent');
  const annotations = annotationsOf(session);
  const { ip, fingerprintId } = userAgent ?? {};
  const object: VirtualObject = {
    metadata: {
      name: id,
      uid: stableUid('Session', id),
      ...(createdAt === undefined ? {} : { creationTimestamp: createdAt }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    status: {
      userUID: userId,
      provider: 'zitadel',
      ...given({ ip, fingerprintID: fingerprintId, userAgent: agent }),
      ...given({ createdAt, lastUpdatedAt: timestamp(changeDate) }),
    },
  };
  return {
    object,
    createdAt: creationDate ?? '',
    fields: { [userField]: userId },
    cells: () => [
      id,
      ip ?? '',
      shortened(agent ?? ''),
      leftUntil(expirationDate, now),
      ageOf(creationDate, now),
      'zitadel',
      fingerprintId ?? '',
      ageOf(changeDate, now),
      userId,
    ],
  };
}

/** Zitadel keeps listing sessions that have run out. */
export function isOver({ expirationDate }: FoundSession, now: number): boolean {
  return expirationDate !== undefined && Date.parse(expirationDate) <= now;
}

function headerOf({ userAgent }: FoundSession, name: string): string | undefined {
  const [, found] =
    Object.entries(userAgent?.header ?? {}).find(([header]) => header.toLowerCase() === name) ?? [];
  return found?.values?.[0];
}

function annotationsOf({ metadata }: FoundSession): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  return Object.fromEntries(
    Object.entries(annotated).flatMap(([key, annotation]) => {
      const value = metadata[key];
      return value === undefined ? [] : [[annotation, Buffer.from(value, 'base64').toString('utf8')]];
    }),
  );
}

function given(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The name of a browser is a novel; a column holds its beginning. */
function shortened(agent: string): string {
  const line = agent.replace(/\p{Cc}+/gu, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
