import { createHash } from 'node:crypto';
import type { Clock } from '@drawbridge/kit';
import { type FoundIdpLink, type FoundUser, hasId, type Zitadel, ZitadelError } from '@drawbridge/zitadel';
import { type Column, objectNotFound } from '../wire/index.ts';
import type { Listed, ResourceAccess, ResourceDescription, VirtualResource } from './resource.ts';
import { listedUser, userField } from './subject.ts';
import { stableUid, timestamp } from './uid.ts';

/** What identities are read with. */
export interface UserIdentitiesOptions extends ResourceAccess {
  readonly zitadel: Pick<Zitadel, 'users' | 'identityProviders'>;
  readonly clock: Clock;
}

const text = (description: string) => ({ type: 'string', description }) as const;
const column = (name: string, description: string, priority: 0 | 1 = 0): Column => ({
  name,
  type: 'string',
  description,
  priority,
});

const userIdentityDescription: ResourceDescription = {
  plural: 'useridentities',
  singular: 'useridentity',
  kind: 'UserIdentity',
  categories: ['identity'],
  verbs: ['get', 'list'],
  fields: [userField],
  columns: [
    { ...column('Name', 'Name of the identity.'), format: 'name' },
    column('Provider', 'Who vouches for the user.'),
    column('Username', 'Name of the user there.'),
    column('Provider ID', 'Id of the provider in Zitadel.', 1),
    column('User', 'Id of the user.', 1),
  ],
  schema: {
    type: 'object',
    description:
      'An account that a user can sign in with: at an external identity provider, or in Zitadel itself.',
    properties: {
      status: {
        type: 'object',
        description: 'What is known of the identity.',
        properties: {
          userUID: text('Id of the user whose it is.'),
          providerID: text('Id of the identity provider; zitadel-local where the user has none.'),
          providerName: text('Name of the identity provider.'),
          username: text('Name of the user there.'),
        },
      },
    },
  },
};

/** What Milo's clients look for where somebody signs in without a provider. */
const local = { providerID: 'zitadel-local', providerName: 'Email' } as const;
/** Providers seldom change their names. */
const nameMs = 300_000;
const mostNames = 1_000;

/** The accounts that a user can sign in with. One's own can be seen, and those of others by whom Kubernetes lets have that user. */
export function createUserIdentityResource(options: UserIdentitiesOptions): VirtualResource {
  const { zitadel, clock } = options;
  const names = new Map<string, { readonly name: string; readonly until: number }>();

  const providerName = async (id: string, signal: AbortSignal): Promise<string> => {
    const known = names.get(id);
    if (known && known.until > clock.now()) return known.name;
    const name = await zitadel.identityProviders.get(id, { signal }).then(
      (provider) => provider.name,
      (error: unknown) => {
        // A provider that was removed, or one that our account may not read, still is one.
        if (error instanceof ZitadelError && seldom.has(error.code)) return id;
        throw error;
      },
    );
    if (names.size >= mostNames) names.clear();
    names.set(id, { name, until: clock.now() + nameMs });
    return name;
  };

  const identitiesOf = async (userId: string, signal: AbortSignal): Promise<readonly Listed[]> => {
    const user = await zitadel.users.get(userId, { signal }).catch((error: unknown) => {
      if (hasId(error, 'QUERY-Dfbg2')) return undefined;
      throw error;
    });
    if (user === undefined) return [];
    const links = await zitadel.users.listIdpLinks(userId, { signal }).all();
    if (links.length === 0) return [localIdentity(user)];
    return await Promise.all(
      links.map(async (link) => externalIdentity(user, link, await providerName(link.idpId, signal))),
    );
  };

  return {
    description: userIdentityDescription,
    async *list(call, { fields }, verb) {
      const userId = await listedUser(call, options, fields, verb);
      if (userId !== undefined) yield* await identitiesOf(userId, call.signal);
    },
    // A name does not tell whose identity it is, so that by name there are one's own alone.
    async get(call, name) {
      const found = (await identitiesOf(call.caller.uid, call.signal)).find(
        ({ object }) => object.metadata.name === name,
      );
      if (found === undefined) throw objectNotFound(call.resource, name);
      return found;
    },
  };
}

const seldom = new Set(['zitadel_not_found', 'zitadel_forbidden', 'membership_missing']);

function localIdentity(user: FoundUser): Listed {
  return identity(user, {
    id: user.userId,
    ...local,
    username: user.preferredLoginName ?? user.username ?? '',
  });
}

function externalIdentity(user: FoundUser, link: FoundIdpLink, providerName: string): Listed {
  return identity(user, {
    id: link.userId,
    providerID: link.idpId,
    providerName,
    username: link.userName ?? '',
  });
}

interface Identity {
  /** Id of the user at the provider. */
  readonly id: string;
  readonly providerID: string;
  readonly providerName: string;
  readonly username: string;
}

function identity(user: FoundUser, { id, providerID, providerName, username }: Identity): Listed {
  const createdAt = user.details?.creationDate ?? '';
  const created = providerID === local.providerID ? timestamp(createdAt) : undefined;
  const name = nameOf(user.userId, providerID, id);
  return {
    object: {
      metadata: {
        name,
        uid: stableUid('UserIdentity', user.userId, providerID, id),
        ...(created === undefined ? {} : { creationTimestamp: created }),
      },
      status: { userUID: user.userId, providerID, providerName, username },
    },
    createdAt,
    fields: { [userField]: user.userId },
    cells: () => [name, providerName, username, providerID, user.userId],
  };
}

/** Of the provider for people; of the rest a hash, since ids at providers may hold anything. */
function nameOf(userId: string, providerId: string, id: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([userId, providerId, id]))
    .digest('hex');
  const readable = providerId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `${readable.slice(0, 60)}${readable === '' ? '' : '-'}${hash.slice(0, 12)}`;
}
