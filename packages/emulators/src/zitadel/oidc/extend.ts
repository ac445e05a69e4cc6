import { RpcError, rpcCodes } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { UserRow } from '../projections/index.ts';
import type { JsonObject } from '../wire/index.ts';
import { OidcError } from './errors.ts';
import { scopes } from './scopes.ts';

/** Whose claims are extended, and for whom. */
export interface Extending {
  readonly user: UserRow;
  readonly clientId: string;
  readonly scope: readonly string[];
  readonly audience: readonly string[];
  readonly projectId: string | undefined;
}

/**
 * Claims with what targets of a function add (internal/api/oidc/userinfo.go).
 *
 * @throws {OidcError} `invalid_request` when a target that interrupts has failed
 */
export async function extendClaims(
  kernel: Kernel,
  name: 'preuserinfo' | 'preaccesstoken',
  { user, clientId, scope, audience, projectId }: Extending,
  claims: JsonObject,
): Promise<JsonObject> {
  const all = scope.includes(scopes.projectsRoles) ? audience : [];
  const projectIds = projectId === undefined ? all : [projectId, ...all];
  try {
    const extended = await kernel.actions.function({ name, user, clientId, claims, projectIds });
    await kernel.log.flushed();
    return extended;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw new OidcError('invalid_request', error.text, rpcCodes[error.code].http);
  }
}
