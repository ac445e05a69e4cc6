import type { SessionRow, State } from '../projections/index.ts';
import { type Message, present, timestamp, uint64 } from '../wire/index.ts';
import type { Answer, Call, Handler } from './call.ts';
import { compare, listDetails, oldPaging, pageOf, timeMatcher } from './lists.ts';
import { displayName } from './user-read.ts';

const columns = ['SESSION_FIELD_NAME_UNSPECIFIED', 'SESSION_FIELD_NAME_CREATION_DATE'];

/**
 * ListSessions: what the caller may not see is taken out after the page was cut, so pages can be short while the total
 * counts all (internal/query/session.go). Expired sessions are listed, terminated ones are not.
 */
export const listSessions: Handler = (call, input) => {
  const state = call.lagging;
  const paging = oldPaging(input);
  const byDate = input.enum('sortingColumn', columns) === 1;
  const queries = input.messages('queries');
  const filters = queries.map((query) => sessionFilter(call, query));
  const matching = candidates(state, queries).filter((row) => filters.every((matches) => matches(row)));
  matching.sort((a, b) => (byDate ? a.createdAt - b.createdAt : 0) || compare(a.id, b.id));
  const { rows, total } = pageOf(matching, paging);
  const visible = rows.filter(
    (row) =>
      row.userId === call.caller.userId ||
      row.creator === call.caller.userId ||
      call.permits('session.read', row.userOrganizationId),
  );
  return {
    details: listDetails(state, total),
    sessions: visible.map((row) => sessionMessage(state, row)),
  };
};

function candidates(state: State, queries: readonly Message[]): SessionRow[] {
  const ofUser = queries.map((query) => query.message('userIdQuery')).find((query) => query !== undefined);
  if (!ofUser) return [...state.sessions.values()];
  return [...(state.sessionsOfUser.get(ofUser.id('id')) ?? [])]
    .map((id) => state.sessions.get(id))
    .filter((row) => row !== undefined);
}

function sessionFilter(call: Call, query: Message): (row: SessionRow) => boolean {
  const ids = query.message('idsQuery');
  if (ids) {
    const wanted = new Set(ids.strings('ids'));
    return (row) => wanted.has(row.id);
  }
  const userId = query.message('userIdQuery')?.id('id');
  if (userId !== undefined) return (row) => row.userId === userId;
  const created = query.message('creationDateQuery');
  if (created) {
    const matches = timeMatcher(created, 'creationDate', 'query');
    return (row) => matches(row.createdAt);
  }
  const creator = query.message('creatorQuery');
  if (creator) {
    const wanted = creator.optionalString('id') ?? call.caller.userId;
    return (row) => row.creator === wanted;
  }
  const agent = query.message('userAgentQuery');
  if (agent) {
    const own = call.fresh.sessions.get(call.caller.sessionId)?.userAgent?.fingerprintId;
    const wanted = agent.optionalString('fingerprintId') ?? own;
    return (row) => wanted !== undefined && row.userAgent?.fingerprintId === wanted;
  }
  const matches = timeMatcher(query.requiredMessage('expirationDateQuery'), 'expirationDate', 'query');
  // "Greater" takes in those that never expire.
  return (row) => matches(row.expiresAt ?? Number.POSITIVE_INFINITY);
}

/** A session as the API shows it. */
export function sessionMessage(state: State, row: SessionRow): Answer {
  const user = state.users.get(row.userId);
  const factors = {
    ...(row.userCheckedAt
      ? {
          user: {
            verifiedAt: timestamp(row.userCheckedAt),
            id: row.userId,
            loginName: user?.username,
            displayName: user && displayName(user),
            organizationId: row.userOrganizationId,
          },
        }
      : {}),
    ...(row.passwordCheckedAt ? { password: { verifiedAt: timestamp(row.passwordCheckedAt) } } : {}),
    ...(row.totpCheckedAt ? { totp: { verifiedAt: timestamp(row.totpCheckedAt) } } : {}),
  };
  return {
    id: row.id,
    creationDate: timestamp(row.createdAt),
    changeDate: timestamp(row.changedAt),
    sequence: uint64(row.sequence),
    factors: Object.keys(factors).length > 0 ? factors : undefined,
    metadata: row.metadata.size > 0 ? present(Object.fromEntries(row.metadata)) : undefined,
    userAgent: row.userAgent && userAgentMessage(row.userAgent),
    expirationDate: row.expiresAt === undefined ? undefined : timestamp(row.expiresAt),
  };
}

function userAgentMessage(agent: NonNullable<SessionRow['userAgent']>): Answer {
  const { header, ...texts } = agent;
  return {
    ...texts,
    header: header && Object.fromEntries(Object.entries(header).map(([name, values]) => [name, { values }])),
  };
}
