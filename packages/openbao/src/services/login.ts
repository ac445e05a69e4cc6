import { Secret } from '@drawbridge/kit';
import type { AuthBody } from '../wire/index.ts';
import { readObject } from './reading.ts';

/** A token as a sign-in or a renewal gives it. */
export interface LoginToken {
  readonly token: Secret;
  /** Names the token without being it: for logs, lookups and revocation by others. */
  readonly accessor: string;
  readonly policies: readonly string[];
  /** Such as `role`, and the claims that the role maps. */
  readonly metadata: Readonly<Record<string, string>>;
  /** From now, in seconds; 0 for a token without an end. It has nothing to do with the end of the JWT. */
  readonly leaseSeconds: number;
  readonly renewable: boolean;
  readonly type: string;
  /** Texts of OpenBao beside it, such as that the asked lifetime was cut. */
  readonly warnings: readonly string[];
}

/** The token in an answer. @throws {DrawbridgeError} `invalid_response` */
export function readLogin(answer: unknown): LoginToken {
  const { auth, warnings } = readObject<{
    readonly auth?: unknown;
    readonly warnings?: readonly string[] | null;
  }>(answer, 'a sign-in');
  const body = readObject<AuthBody>(auth, 'a sign-in', {
    client_token: 'string',
    accessor: 'string',
    lease_duration: 'number',
    renewable: 'boolean',
  });
  return {
    token: new Secret(body.client_token),
    accessor: body.accessor,
    policies: body.policies ?? [],
    metadata: body.metadata ?? {},
    leaseSeconds: body.lease_duration,
    renewable: body.renewable,
    type: body.token_type,
    warnings: warnings ?? [],
  };
}
