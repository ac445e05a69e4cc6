import type { AccountBody } from '@drawbridge/netbird';
import { requireAllowed } from '../access/index.ts';
import { ApiError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { Settings } from '../store/index.ts';
import { type Fields, type Handler, idAt, readFields, text, texts, time } from './call.ts';

/** The caller's account, as a list of one. */
export const listAccounts: Handler = ({ kernel, caller }) => {
  requireAllowed(kernel.state, caller, 'accounts', 'read');
  return [bodyOf(kernel)];
};

/** Replaces the settings as a whole; what is left out has Go's zero value (management/server/http/handlers/accounts/accounts_handler.go). */
export const updateAccount: Handler = (call) => {
  const { kernel, caller } = call;
  if (idAt(call) !== kernel.state.accountId) {
    throw new ApiError(
      'internal',
      'get peer count: failed to validate user permissions: user is not part of this account',
    );
  }
  const fields = readFields(call.body, { settings: 'object' });
  const settings = settingsOf((fields.settings ?? {}) as Fields);
  requireAllowed(kernel.state, caller, 'settings', 'update');
  if (settings.peer_login_expiration < 3_600)
    throw new ApiError('invalid', "peer login expiration can't be smaller than one hour");
  kernel.push(caller, {
    type: 'account.settings.update',
    target: kernel.state.accountId,
    payload: { settings },
  });
  return bodyOf(kernel);
};

function settingsOf(given: Fields): Settings {
  const extra = (given.extra ?? {}) as Fields;
  return {
    ...given,
    jwt_groups_enabled: given.jwt_groups_enabled === true,
    jwt_groups_claim_name: text(given, 'jwt_groups_claim_name'),
    jwt_allow_groups: texts(given, 'jwt_allow_groups') ?? [],
    groups_propagation_enabled: given.groups_propagation_enabled === true,
    regular_users_view_blocked: given.regular_users_view_blocked === true,
    peer_login_expiration_enabled: given.peer_login_expiration_enabled === true,
    peer_login_expiration: Number(given.peer_login_expiration ?? 0),
    extra: {
      ...extra,
      peer_approval_enabled: extra.peer_approval_enabled === true,
      user_approval_required: extra.user_approval_required === true,
    },
  };
}

function bodyOf({ state, outside }: Kernel): AccountBody {
  return {
    id: state.accountId,
    domain: state.domain,
    domain_category: 'private',
    created_by: state.createdBy,
    created_at: time(state.createdAt),
    settings: { ...state.settings, embedded_idp_enabled: outside.identity === 'dex' },
  };
}
