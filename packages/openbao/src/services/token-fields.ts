import type { TokenFieldsBody } from '../wire/index.ts';

/** What tokens that a role or a user gives are like. Lifetimes are in seconds; 0 for the mount's own. */
export interface TokenFields {
  readonly policies?: readonly string[];
  readonly ttlSeconds?: number;
  /** Beyond this a token cannot be renewed. */
  readonly maxTtlSeconds?: number;
  /** Renewed for ever, each time by this much. */
  readonly periodSeconds?: number;
  /** How often it can be used; 0 for any number. */
  readonly uses?: number;
  readonly boundCidrs?: readonly string[];
  /** Leaves out the policy `default`, without which a token can neither be looked up nor renewed by its holder. */
  readonly noDefaultPolicy?: boolean;
  readonly tokenType?: 'default' | 'service' | 'batch';
}

/** As OpenBao writes them; what is not said is left out, and so left as it is. */
export function tokenFieldsBody(fields: TokenFields): Partial<TokenFieldsBody> {
  const { policies, ttlSeconds, maxTtlSeconds, periodSeconds, uses, boundCidrs } = fields;
  return {
    ...(policies ? { token_policies: policies } : {}),
    ...(ttlSeconds === undefined ? {} : { token_ttl: ttlSeconds }),
    ...(maxTtlSeconds === undefined ? {} : { token_max_ttl: maxTtlSeconds }),
    ...(periodSeconds === undefined ? {} : { token_period: periodSeconds }),
    ...(uses === undefined ? {} : { token_num_uses: uses }),
    ...(boundCidrs ? { token_bound_cidrs: boundCidrs } : {}),
    ...(fields.noDefaultPolicy === undefined ? {} : { token_no_default_policy: fields.noDefaultPolicy }),
    ...(fields.tokenType === undefined ? {} : { token_type: fields.tokenType }),
  };
}
