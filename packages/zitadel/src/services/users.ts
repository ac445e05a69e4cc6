import { Secret } from '@drawbridge/kit';
import { type CallOptions, hasId, type Transport, ZitadelError } from '../transport/index.ts';
import type { CreateUserRequest, UpdateUserRequest, User, UserSearchQuery } from '../wire/index.ts';
import type { Canary } from './canary.ts';
import { createIdpLinks, type IdpLinks } from './idp-links.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { encodeMetadata, type MetadataMap } from './metadata.ts';
import { readOwner, sameOwner } from './owner.ts';
import { type Change, requireFields, totalOf, type With } from './reading.ts';
import { createUserCodes, type UserCodes } from './user-codes.ts';
import { createUserKeys, type UserKeys } from './user-keys.ts';
import { createUserMetadata, type UserMetadata } from './user-metadata.ts';
import { createUserStates, type UserStates } from './user-states.ts';

/** A user as Zitadel knows it, with its home organization. */
export type FoundUser = With<User, 'userId' | 'state'> & { readonly organizationId: string };

/** A user to be. With an own `userId` and owner metadata a repeat finds the same user instead of failing. */
export type NewUser = Omit<CreateUserRequest, 'metadata'> & { readonly metadata?: MetadataMap };

/** What to change about a user; absent fields stay. */
export type UserUpdate = Omit<UpdateUserRequest, 'userId' | 'metadata'> & { readonly metadata?: MetadataMap };

/** What came of creating a user. */
export interface CreatedUser {
  readonly id: string;
  /** False where the very same user was there already. */
  readonly created: boolean;
  /** Set where `returnCode` was asked for. */
  readonly emailCode?: Secret<string>;
  readonly phoneCode?: Secret<string>;
}

/** Which users to list. */
export interface UserFilter {
  readonly organizationId?: string;
  /** All of them have to match. */
  readonly queries?: readonly UserSearchQuery[];
}

/** Zitadel's users. Every method throws what the transport throws; the codes named are those to expect. */
export interface Users extends UserStates, UserMetadata, UserKeys, UserCodes, IdpLinks {
  /**
   * Creates a user. If the id exists with the same owner metadata in the same organization, that user is the answer.
   *
   * @throws {DrawbridgeError} `zitadel_already_exists` for another user with that id or user name
   */
  create(user: NewUser, options?: CallOptions): Promise<CreatedUser>;
  /** @throws {DrawbridgeError} `zitadel_not_found`, which proves nothing: see {@link Users.find} */
  get(id: string, options?: CallOptions): Promise<FoundUser>;
  /**
   * Undefined means *proved* absent: Zitadel said so, and saw its own data right after.
   *
   * @throws {DrawbridgeError} `absence_unproved`, `membership_missing`
   */
  find(id: string, options?: CallOptions): Promise<FoundUser | undefined>;
  /** In order of creation. Lists lag behind; never conclude from one that somebody is absent. */
  list(filter?: UserFilter, options?: ListOptions): Listing<FoundUser>;
  /** Nothing to change is success. */
  update(id: string, change: UserUpdate, options?: CallOptions): Promise<void>;
  /** @throws {DrawbridgeError} `absence_unproved` where the user is not found and nothing shows that this is true */
  remove(id: string, options?: CallOptions): Promise<Change>;
}

const service = 'zitadel.user.v2.UserService';
/** The id belongs to a living user: human, machine. */
const idInUse = ['COMMAND-7yiox1isql', 'COMMAND-k2una'] as const;

/** The users of an instance, over its transport. */
export function createUsers(transport: Transport, canary: Canary): Users {
  const get = async (id: string, options?: CallOptions): Promise<FoundUser> => {
    const answer = await transport.call(`${service}/GetUserByID`, { userId: id }, options);
    return found(answer.user);
  };
  const find = async (id: string, options?: CallOptions): Promise<FoundUser | undefined> => {
    try {
      return await get(id, options);
    } catch (error) {
      if (!isAbsence(error)) throw error;
      await canary.prove(options);
      return undefined;
    }
  };
  const metadata = createUserMetadata(transport);

  return {
    ...metadata,
    ...createUserStates(transport, get),
    ...createUserKeys(transport),
    ...createUserCodes(transport),
    ...createIdpLinks(transport),
    get,
    find,

    async create(user, options = {}) {
      const { metadata: values, ...request } = user;
      const mark = values && readOwner(new Map(Object.entries(values)));
      const id = request.userId;
      try {
        const answer = await transport.call(
          `${service}/CreateUser`,
          values ? withMetadata(request, values) : request,
          { ...options, repeatable: id !== undefined && mark !== undefined },
        );
        const made = requireFields(answer, 'the new user', 'id');
        // Before 4.13 a machine is created without its metadata, silently.
        if (values && !request.human) await metadata.setMetadata(made.id, values, options);
        return {
          id: made.id,
          created: true,
          ...(made.emailCode ? { emailCode: new Secret(made.emailCode) } : {}),
          ...(made.phoneCode ? { phoneCode: new Secret(made.phoneCode) } : {}),
        };
      } catch (error) {
        if (!hasId(error, ...idInUse) || id === undefined) throw error;
        const existing = await get(id, options);
        const theirs = readOwner(await metadata.metadata(id, options));
        if (existing.organizationId === user.organizationId && sameOwner(theirs, mark))
          return { id, created: false };
        throw takenById(error, id);
      }
    },

    list({ organizationId, queries = [] } = {}, { pageSize, ...call } = {}) {
      const all =
        organizationId === undefined ? queries : [...queries, { organizationIdQuery: { organizationId } }];
      return createListing({
        key: (user) => user.userId,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListUsers`,
            {
              query: { offset: String(offset), limit, asc: true },
              sortingColumn: 'USER_FIELD_NAME_CREATION_DATE',
              ...(all.length > 0 ? { queries: all } : {}),
            },
            call,
          );
          return { items: (answer.result ?? []).map(found), total: totalOf(answer.details) };
        },
      });
    },

    async update(id, { metadata: values, ...change }, options) {
      if (Object.keys(change).length > 0) {
        // A repeat is recognised, unless it would mail a second code.
        const repeatable = !change.human?.email?.sendCode && !change.human?.phone && !change.human?.password;
        // Zitadel answers "unimplemented" to a change that does not say which kind of user it is about.
        const kind =
          change.human || change.machine
            ? {}
            : (await get(id, options)).machine
              ? { machine: {} }
              : { human: {} };
        await transport.call(
          `${service}/UpdateUser`,
          { userId: id, ...change, ...kind },
          { ...options, repeatable },
        );
      }
      // Not inside UpdateUser, which knows metadata only from 4.13 on and drops it silently before.
      if (values) await metadata.setMetadata(id, values, options);
    },

    async remove(id, options) {
      try {
        await transport.call(`${service}/DeleteUser`, { userId: id }, options);
        return { changed: true };
      } catch (error) {
        if (!isAbsence(error)) throw error;
        await canary.prove(options);
        return { changed: false };
      }
    },
  };
}

/**
 * Where metadata stands in a create. The request's own list is known from 4.13 on and silently dropped before, which would
 * lose the owner mark; a human's own list is called deprecated, but every version since 4.7 reads it.
 */
function withMetadata(request: Omit<NewUser, 'metadata'>, values: MetadataMap): CreateUserRequest {
  const metadata = encodeMetadata(values);
  const { human, ...rest } = request;
  return human ? { ...rest, human: { ...human, metadata } } : { ...rest, metadata };
}

/** A NotFound of the user itself. A missing membership and an unknown host have codes of their own. */
function isAbsence(error: unknown): boolean {
  return error instanceof ZitadelError && error.code === 'zitadel_not_found' && error.id !== undefined;
}

function found(user: User | undefined): FoundUser {
  const complete = requireFields(user, 'a user', 'userId', 'state', 'details');
  const { resourceOwner } = requireFields(complete.details, 'a user', 'resourceOwner');
  return { ...complete, organizationId: resourceOwner };
}

function takenById(error: ZitadelError, id: string): ZitadelError {
  return new ZitadelError('zitadel_already_exists', {
    message: `Zitadel has another user with the id ${id}.`,
    id: error.id,
    grpcCode: error.grpcCode,
    status: error.status,
    ...(error.where === undefined ? {} : { where: error.where }),
    cause: error,
  });
}
