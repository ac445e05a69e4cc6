import type { Clock } from '@drawbridge/kit';
import { hasId, type SessionSearchQuery, type Zitadel, ZitadelError } from '@drawbridge/zitadel';
import { exactField } from '../query/index.ts';
import { objectNotFound } from '../wire/index.ts';
import type { ResourceAccess, VirtualResource } from './resource.ts';
import { isOver, sessionDescription, sessionObject } from './session-object.ts';
import { listedUser, requireUser } from './subject.ts';
import { Tombstones } from './tombstones.ts';
import { isPathSegment } from './uid.ts';

/** What sessions are read and ended with. */
export interface SessionsOptions extends ResourceAccess {
  readonly zitadel: Pick<Zitadel, 'sessions'>;
  readonly clock: Clock;
}

/** The sign-ins of a user. One's own can be seen and ended; those of others by whom Kubernetes lets have that user. */
export function createSessionResource(options: SessionsOptions): VirtualResource {
  const { clock, zitadel } = options;
  const { sessions } = zitadel;
  const gone = new Tombstones(clock);

  return {
    description: sessionDescription,

    async *list(call, { fields, from, atMost }, verb) {
      const userId = await listedUser(call, options, fields, verb);
      const id = exactField(fields, 'metadata.name');
      if (userId === undefined || id === '') return;
      // A few more than wanted: some are over, or were had before.
      const page = atMost === undefined ? {} : { pageSize: Math.min(1_000, atMost + 20) };
      const queries: SessionSearchQuery[] = [
        ...(id === undefined ? [] : [{ idsQuery: { ids: [id] } }]),
        ...(from === undefined
          ? []
          : [
              {
                creationDateQuery: {
                  creationDate: from,
                  method: 'TIMESTAMP_QUERY_METHOD_GREATER_OR_EQUALS' as const,
                },
              },
            ]),
      ];
      for await (const session of sessions.list({ userId, queries }, { signal: call.signal, ...page })) {
        // What Zitadel filtered is looked at again: no answer about another user's session leaves from here.
        if (session.factors?.user?.id !== userId || isOver(session, clock.now())) continue;
        if (isPathSegment(session.id) && !gone.has(session.id))
          yield sessionObject(session, userId, clock.now());
      }
    },

    async get(call, name, verb) {
      if (gone.has(name) || !isPathSegment(name)) throw objectNotFound(call.resource, name);
      const session = await sessions.get(name, { signal: call.signal }).catch((error: unknown) => {
        if (isAbsence(error)) return undefined;
        throw error;
      });
      const userId = session?.factors?.user?.id;
      await requireUser(call, options, userId, { name, verb });
      if (session === undefined || userId === undefined || isOver(session, clock.now()))
        throw objectNotFound(call.resource, name);
      return sessionObject(session, userId, clock.now());
    },

    async remove({ signal }, { object }) {
      await sessions.remove(object.metadata.name, { signal });
      gone.add(object.metadata.name);
    },
  };
}

/** The session is not there, or is not one that our account sees. */
function isAbsence(error: unknown): boolean {
  return (
    hasId(error, 'QUERY-SFeaa') ||
    (error instanceof ZitadelError && error.code === 'zitadel_invalid_argument')
  );
}
