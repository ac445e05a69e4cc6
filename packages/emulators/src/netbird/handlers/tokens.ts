import type { TokenBody } from '@drawbridge/netbird';
import { hasAdminPower, hashPat, newPat, type Operation, requireAllowed } from '../access/index.ts';
import { ApiError } from '../errors.ts';
import type { TokenRow, UserRow } from '../store/index.ts';
import { type Call, type Handler, idAt, readFields, text, time } from './call.ts';
import { userOf } from './users.ts';

const dayMs = 86_400_000;

/** A user's tokens; null where there are none (management/server/http/handlers/users/pat_handler.go). */
export const listTokens: Handler = (call) => {
  const user = targetOf(call, 'read');
  const tokens = [...call.kernel.state.tokens.values()].filter(({ userId }) => userId === user.id);
  return tokens.length === 0 ? null : tokens.map(bodyOf);
};

export const getToken: Handler = (call) => bodyOf(tokenOf(call, targetOf(call, 'read')));

/** Makes a token of 1 to 365 days; its plain form is in this answer and nowhere else. */
export const createToken: Handler = (call) => {
  const { kernel, caller } = call;
  const fields = readFields(call.body, { name: 'string', expires_in: 'number' });
  const name = text(fields, 'name');
  if (name === '') throw new ApiError('invalid', "token name can't be empty");
  const days = Number(fields.expires_in ?? 0);
  if (days < 1 || days > 365) throw new ApiError('invalid', 'expiration has to be between 1 and 365');
  const user = targetOf(call, 'create');
  const token = newPat();
  const id = kernel.newId();
  kernel.push(caller, {
    type: 'personal.access.token.create',
    target: id,
    payload: {
      userId: user.id,
      name,
      hash: hashPat(token),
      expiresAt: kernel.now() + days * dayMs,
    },
  });
  const made = kernel.state.tokens.get(id);
  return { plain_token: token, personal_access_token: made && bodyOf(made) };
};

export const deleteToken: Handler = (call) => {
  const { kernel, caller } = call;
  const token = tokenOf(call, targetOf(call, 'delete'));
  kernel.push(caller, { type: 'personal.access.token.delete', target: token.id, payload: {} });
  return {};
};

/** Whose tokens: one's own, or as an admin those of a service user (management/server/user.go, CreatePAT). */
function targetOf(call: Call, operation: Operation): UserRow {
  const { kernel, caller } = call;
  requireAllowed(kernel.state, caller, 'pats', operation);
  const user = userOf(kernel, idAt(call));
  const administers = hasAdminPower(kernel.state.users.get(caller)) && user.isServiceUser;
  if (user.id !== caller && !administers)
    throw new ApiError('denied', 'admin role required to perform this action');
  return user;
}

function tokenOf(call: Call, user: UserRow): TokenRow {
  const token = call.kernel.state.tokens.get(idAt(call, 1));
  if (token?.userId !== user.id) throw new ApiError('notFound', `PAT: ${idAt(call, 1)} not found`);
  return token;
}

function bodyOf(token: TokenRow): TokenBody {
  return {
    id: token.id,
    name: token.name,
    created_by: token.createdBy,
    created_at: time(token.createdAt),
    expiration_date: time(token.expiresAt),
    ...(token.lastUsed === undefined ? {} : { last_used: time(token.lastUsed) }),
  };
}
