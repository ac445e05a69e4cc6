import { secretMatches } from '../crypto.ts';
import { authMethods } from '../handlers/index.ts';
import type { Kernel } from '../kernel.ts';
import { type ApplicationRow, objectState, type ProjectRow } from '../projections/index.ts';
import type { OidcConfig } from '../store/index.ts';
import { isJwt, verifyAssertion } from './assertions.ts';
import { OidcError } from './errors.ts';
import type { PresentedClient } from './form.ts';

/** An OIDC application that takes part: it, its project and its organization are active. */
export interface OidcClient {
  readonly app: ApplicationRow;
  readonly oidc: OidcConfig;
  readonly project: ProjectRow;
}

/** Finds an OIDC application by client id (internal/query/oidc_client.go). */
export function findOidcClient(kernel: Kernel, clientId: string): OidcClient | undefined {
  const app = kernel.fresh.clients.get(clientId);
  const project = app && activeProject(kernel, app);
  return app?.oidc && project ? { app, oidc: app.oidc, project } : undefined;
}

function activeProject(kernel: Kernel, app: ApplicationRow): ProjectRow | undefined {
  const project = kernel.fresh.projects.get(app.projectId);
  const organization = kernel.fresh.organizations.get(project?.organizationId ?? '');
  const active = [app, project, organization].every((row) => row?.state === objectState.active);
  return active ? project : undefined;
}

/**
 * The client of a token or revocation request, authenticated by the method that its application is set to
 * (internal/api/oidc/op.go, `VerifyClient`).
 *
 * @throws {OidcError} `invalid_client`, with HTTP 400
 */
export async function authenticateClient(
  kernel: Kernel,
  presented: PresentedClient,
  issuer: string,
): Promise<OidcClient> {
  const refused = new OidcError('invalid_client', 'client not found or not authenticated');
  const signed =
    presented.assertion === undefined
      ? undefined
      : await verifyAssertion(kernel, presented.assertion, issuer);
  const clientId = signed?.subject ?? presented.clientId;
  const client = findOidcClient(kernel, clientId);
  if (!client) throw refused;
  switch (client.oidc.authMethodType) {
    case authMethods.none:
      return client;
    case authMethods.privateKeyJwt:
      if (signed?.applicationId !== client.app.id) throw refused;
      return client;
    default:
      if (presented.secret === undefined || !secretMatches(presented.secret, client.app.secretHash)) {
        throw refused;
      }
      return client;
  }
}

/**
 * The caller of an introspection: an application of either kind, never a machine user (internal/api/oidc/introspect.go).
 * Clients are looked up in the lagging projection.
 *
 * Where what was sent as an assertion is no JWT at all there is no caller, and yet no error.
 *
 * @throws {OidcError} `invalid_client` without its secret, `unauthorized_client` for credentials that fail
 */
export async function authenticateIntrospection(
  kernel: Kernel,
  presented: PresentedClient,
  issuer: string,
): Promise<{ readonly app: ApplicationRow; readonly project: ProjectRow } | undefined> {
  if (presented.secret === undefined && presented.assertion === undefined) {
    throw new OidcError('invalid_client', 'client must be authenticated');
  }
  if (presented.assertion !== undefined && !isJwt(presented.assertion)) return undefined;
  const refused = new OidcError('unauthorized_client', 'client authentication failed');
  const signed =
    presented.assertion === undefined
      ? undefined
      : await verifyAssertion(kernel, presented.assertion, issuer);
  if (presented.assertion !== undefined && signed?.applicationId === undefined) throw refused;
  const app = kernel.lagging.clients.get(signed?.subject ?? presented.clientId);
  const project = app && activeProject(kernel, app);
  if (!app || !project) throw refused;
  if (!signed && !(presented.secret !== undefined && secretMatches(presented.secret, app.secretHash))) {
    throw refused;
  }
  return { app, project };
}
