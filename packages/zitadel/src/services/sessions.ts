import { Secret } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import type { CreateSessionRequest, Session, SessionSearchQuery } from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { requireFields, totalOf, type With } from './reading.ts';

/** A session as it is read. */
export type FoundSession = With<Session, 'id'>;

/** Which sessions to list. */
export interface SessionFilter {
  readonly userId?: string;
  readonly queries?: readonly SessionSearchQuery[];
}

/** Zitadel's sessions: who is signed in, from where, with which factors. */
export interface Sessions {
  /** Needs `session.write` on the instance. @throws {DrawbridgeError} `zitadel_precondition` for a user not active */
  create(
    session: CreateSessionRequest,
    options?: CallOptions,
  ): Promise<{ readonly id: string; readonly token: Secret<string> }>;
  /** @throws {DrawbridgeError} `zitadel_not_found` */
  get(id: string, options?: CallOptions & { readonly sessionToken?: Secret<string> }): Promise<FoundSession>;
  /** Expired sessions are among them, terminated ones are not. */
  list(filter?: SessionFilter, options?: ListOptions): Listing<FoundSession>;
  /** Ends it; one that is not there counts as ended, and Zitadel does not tell the difference. */
  remove(id: string, options?: CallOptions & { readonly sessionToken?: Secret<string> }): Promise<void>;
}

const service = 'zitadel.session.v2.SessionService';

/** The sessions of an instance, over its transport. */
export function createSessions(transport: Transport): Sessions {
  return {
    async create(session, options) {
      const answer = await transport.call(`${service}/CreateSession`, session, options);
      const made = requireFields(answer, 'the new session', 'sessionId', 'sessionToken');
      return { id: made.sessionId, token: new Secret(made.sessionToken) };
    },
    async get(id, { sessionToken, ...options } = {}) {
      const request = { sessionId: id, ...(sessionToken ? { sessionToken: sessionToken.expose() } : {}) };
      const answer = await transport.call(`${service}/GetSession`, request, options);
      return requireFields(answer.session, 'a session', 'id');
    },
    list({ userId, queries = [] } = {}, { pageSize, ...call } = {}) {
      const all = userId === undefined ? queries : [...queries, { userIdQuery: { id: userId } }];
      return createListing({
        key: (session) => session.id,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListSessions`,
            {
              query: { offset: String(offset), limit, asc: true },
              sortingColumn: 'SESSION_FIELD_NAME_CREATION_DATE',
              ...(all.length > 0 ? { queries: all } : {}),
            },
            call,
          );
          return {
            items: (answer.sessions ?? []).map((session) => requireFields(session, 'a session', 'id')),
            total: totalOf(answer.details),
          };
        },
      });
    },
    async remove(id, { sessionToken, ...options } = {}) {
      const request = { sessionId: id, ...(sessionToken ? { sessionToken: sessionToken.expose() } : {}) };
      await transport.call(`${service}/DeleteSession`, request, { ...options, repeatable: true });
    },
  };
}
