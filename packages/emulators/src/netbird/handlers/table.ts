import { listAccounts, updateAccount } from './accounts.ts';
import type { Handler } from './call.ts';
import { createGroup, deleteGroup, getGroup, listGroups, updateGroup } from './groups.ts';
import { deletePeer, getPeer, listPeers } from './peers.ts';
import { createToken, deleteToken, getToken, listTokens } from './tokens.ts';
import { approveUser, rejectUser, updateUser } from './user-changes.ts';
import { createUser, currentUser, deleteUser, inviteUser, listUsers } from './users.ts';

/** Method and path of every call there is; `*` is a segment that varies. There is none for one user by its id. */
const table: Readonly<Record<string, Handler>> = {
  'GET /api/users': listUsers,
  'POST /api/users': createUser,
  'GET /api/users/current': currentUser,
  'PUT /api/users/*': updateUser,
  'DELETE /api/users/*': deleteUser,
  'POST /api/users/*/invite': inviteUser,
  'POST /api/users/*/approve': approveUser,
  'DELETE /api/users/*/reject': rejectUser,
  'GET /api/users/*/tokens': listTokens,
  'POST /api/users/*/tokens': createToken,
  'GET /api/users/*/tokens/*': getToken,
  'DELETE /api/users/*/tokens/*': deleteToken,
  'GET /api/groups': listGroups,
  'POST /api/groups': createGroup,
  'GET /api/groups/*': getGroup,
  'PUT /api/groups/*': updateGroup,
  'DELETE /api/groups/*': deleteGroup,
  'GET /api/peers': listPeers,
  'GET /api/peers/*': getPeer,
  'DELETE /api/peers/*': deletePeer,
  'GET /api/accounts': listAccounts,
  'PUT /api/accounts/*': updateAccount,
};

const routes = Object.entries(table).map(([route, handler]) => ({
  handler,
  pattern: new RegExp(`^${route.replaceAll('*', '([^/]+)')}$`),
}));

/** The handler of a call and the segments that vary, decoded; nothing where no such call is served. */
export function findHandler(
  method: string,
  path: string,
): { readonly handler: Handler; readonly ids: readonly string[] } | undefined {
  for (const { handler, pattern } of routes) {
    const match = pattern.exec(`${method} ${path}`);
    if (match) return { handler, ids: match.slice(1).map(decode) };
  }
  return undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
