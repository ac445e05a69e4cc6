import { badRequest } from '../errors.ts';
import type { TokenParams } from '../store/index.ts';
import { type Fields, flag, integer, seconds, text, texts } from './call.ts';

/** What a role or a user has that says nothing of its tokens. */
export const plainTokenParams: TokenParams = {
  token_policies: [],
  token_ttl: 0,
  token_max_ttl: 0,
  token_explicit_max_ttl: 0,
  token_period: 0,
  token_num_uses: 0,
  token_bound_cidrs: [],
  token_no_default_policy: false,
  token_strictly_bind_ip: false,
  token_type: 'default',
};

/** Reads the token fields of a write over those that there are (sdk/helper/tokenutil/tokenutil.go). */
export function readTokenParams(body: Fields, present: TokenParams): TokenParams {
  // To take them and not to check them would let in whom the real one keeps out.
  if ((texts(body, 'token_bound_cidrs') ?? []).length > 0)
    throw badRequest('token_bound_cidrs is not emulated');
  return {
    token_policies: texts(body, 'token_policies') ?? texts(body, 'policies') ?? present.token_policies,
    token_ttl: seconds(body, 'token_ttl') ?? seconds(body, 'ttl') ?? present.token_ttl,
    token_max_ttl: seconds(body, 'token_max_ttl') ?? seconds(body, 'max_ttl') ?? present.token_max_ttl,
    token_explicit_max_ttl: seconds(body, 'token_explicit_max_ttl') ?? present.token_explicit_max_ttl,
    token_period: seconds(body, 'token_period') ?? present.token_period,
    token_num_uses: integer(body, 'token_num_uses') ?? present.token_num_uses,
    token_bound_cidrs: present.token_bound_cidrs,
    token_no_default_policy: flag(body, 'token_no_default_policy', present.token_no_default_policy),
    token_strictly_bind_ip: flag(body, 'token_strictly_bind_ip', present.token_strictly_bind_ip),
    token_type: text(body, 'token_type') || present.token_type,
  };
}
