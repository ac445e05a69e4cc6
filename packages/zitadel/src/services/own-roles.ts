import { DrawbridgeError } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';

/** Roles that the caller has over one resource. */
export interface OwnRoles {
  readonly roles: readonly string[];
  /** A project's grant is named by the grant's own id, which is all that Zitadel tells of it here. */
  readonly resource:
    | { readonly instance: true }
    | { readonly organizationId: string }
    | { readonly projectId: string }
    | { readonly projectGrantId: string };
}

const path = '/auth/v1/memberships/me/_search';

/**
 * What the caller administers. Everybody may ask this about themselves, while the list of administrators shows an account
 * its own roles only if it may read everybody's.
 *
 * @see proto/zitadel/auth.proto, ListMyMemberships
 */
export async function readOwnRoles(transport: Transport, options?: CallOptions): Promise<OwnRoles[]> {
  const answer = await transport.rest('POST', path, {}, { ...options, repeatable: true });
  const found = field(answer, 'result') ?? [];
  if (!Array.isArray(found)) throw unreadable();
  return found.map((one: unknown) => {
    const roles = field(one, 'roles') ?? [];
    if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) throw unreadable();
    return { roles, resource: resourceOf(one) };
  });
}

function resourceOf(membership: unknown): OwnRoles['resource'] {
  const of = (name: string) => {
    const value = field(membership, name);
    return typeof value === 'string' ? value : undefined;
  };
  const organizationId = of('orgId');
  if (organizationId !== undefined) return { organizationId };
  const projectId = of('projectId');
  if (projectId !== undefined) return { projectId };
  const projectGrantId = of('projectGrantId');
  if (projectGrantId !== undefined) return { projectGrantId };
  if (field(membership, 'iam') === true) return { instance: true };
  throw unreadable();
}

function unreadable(): DrawbridgeError {
  return new DrawbridgeError('invalid_response', {
    message: "Zitadel's answer about the caller's own roles cannot be read.",
    where: path,
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
