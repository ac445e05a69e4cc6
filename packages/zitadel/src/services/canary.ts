import { DrawbridgeError } from '@drawbridge/kit';
import type { TokenSource } from '../token/index.ts';
import { type CallOptions, hasId, type Transport, ZitadelError } from '../transport/index.ts';

/** Proof that the same Zitadel, asked the same way, sees what must be there. */
export interface Canary {
  /**
   * Reads the service account's own user, and one organization through its own roles.
   *
   * @throws {DrawbridgeError} `absence_unproved` when Zitadel does not see them; other codes when it was not reached
   */
  prove(options?: CallOptions): Promise<void>;
  /** The user id of the credentials. */
  self(options?: CallOptions): Promise<string>;
}

/**
 * Makes the canary. A wrong restore, an empty database, a lost role or a proxy with its own 404 all look like "user not
 * found"; only next to a read that must succeed does a NotFound say something.
 */
export function createCanary(transport: Transport, token: TokenSource): Canary {
  let ownId: string | undefined;
  const canary: Canary = {
    async self(options = {}) {
      ownId ??= (await token.userId()) ?? (await askUserinfo(transport, options));
      return ownId;
    },
    async prove(options = {}) {
      const userId = await canary.self(options);
      try {
        const answer = await transport.call('zitadel.user.v2.UserService/GetUserByID', { userId }, options);
        if (answer.user?.userId !== userId)
          throw unproved('Its answer about the own user names another one.');
        const organizations = await transport.call(
          'zitadel.org.v2.OrganizationService/ListOrganizations',
          { query: { limit: 1 } },
          options,
        );
        if ((organizations.result ?? []).length === 0)
          throw unproved('It shows no organization to the service account.');
      } catch (error) {
        if (hasId(error, 'AUTHZ-cdgFk') || isRefusal(error)) {
          throw unproved('It does not let the service account read its own user and organization.', error);
        }
        throw error;
      }
    },
  };
  return canary;
}

const refusals = new Set([
  'zitadel_not_found',
  'zitadel_forbidden',
  'membership_missing',
  'zitadel_precondition',
]);

function isRefusal(error: unknown): boolean {
  return error instanceof ZitadelError && refusals.has(error.code);
}

function unproved(why: string, cause?: unknown): DrawbridgeError {
  return new DrawbridgeError('absence_unproved', { why, ...(cause === undefined ? {} : { cause }) });
}

/** Tokens and client secrets do not name their user; userinfo does. */
async function askUserinfo(transport: Transport, options: CallOptions): Promise<string> {
  const answer = await transport.rest('GET', '/oidc/v1/userinfo', undefined, options);
  const sub =
    typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>).sub : undefined;
  if (typeof sub !== 'string' || sub === '') {
    throw new DrawbridgeError('invalid_response', { message: 'Userinfo does not name the user.' });
  }
  return sub;
}
