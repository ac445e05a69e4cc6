import { DrawbridgeError } from '@drawbridge/kit';
import type { Database, WebApplication } from '../database/index.ts';
import type { BrowserSession } from './browser-sessions.ts';

/** Permissions that roles hold; the names are those in the table `roles`. */
export type Permission =
  | 'self.read'
  | 'users.read'
  | 'users.write'
  | 'runs.read'
  | 'runs.write'
  | 'sessions.read'
  | 'sessions.write'
  | 'accounts.read'
  | 'accounts.write'
  | 'sweeps.read'
  | 'audit.read'
  | 'settings.write';

/** Proves a bearer token: the directory's port to whatever verifies tokens. */
export interface Authenticator {
  /**
   * @returns the token's subject, or nothing when the token is not accepted
   * @throws {DrawbridgeError} when it cannot be told, as in an outage: nobody is let in then
   */
  subjectOf(token: string, signal: AbortSignal): Promise<string | undefined>;
}

/** Who makes a request, and what they may do where. */
export interface Caller {
  readonly subject: string;
  readonly userId: string | undefined;
  /** Whether this request may do what site administrators may: one of theirs, and not through the tenants' console. */
  readonly siteAdministrator: boolean;
  /** Organization id → permissions there. */
  readonly permissions: ReadonlyMap<string, ReadonlySet<string>>;
  /** Absent for a bearer token. */
  readonly session?: BrowserSession;
}

/** Where a site administrator's rights count: a session of the console is a tenant's, whoever signed in there. */
const siteApplication: WebApplication = 'management';

const bearer = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * Who stands behind an Authorization header.
 *
 * @throws {DrawbridgeError} `unauthenticated`, or what the authenticator throws
 * @see RFC 6750 section 2.1
 */
export async function authenticate(
  header: string | undefined,
  authenticator: Authenticator,
  database: Database,
  signal: AbortSignal,
): Promise<Caller> {
  const token = header === undefined ? undefined : bearer.exec(header)?.[1];
  if (token === undefined) {
    throw new DrawbridgeError('unauthenticated', {
      message: 'A bearer token or a session is needed.',
      fix: 'Sign in at /auth/sign-in, or send Authorization: Bearer TOKEN; drawbridge token prints one.',
    });
  }
  const subject = await authenticator.subjectOf(token, signal);
  if (subject === undefined) {
    throw new DrawbridgeError('unauthenticated', {
      message: 'The token is not accepted.',
      fix: 'Get a new one; drawbridge token prints one.',
    });
  }
  return await loadCaller(database, subject);
}

/** What a subject may do; less in a session of the tenants' console. */
export async function loadCaller(
  database: Database,
  subject: string,
  session?: BrowserSession,
): Promise<Caller> {
  return await database.read(async (db) => {
    const administrator = await db
      .selectFrom('site_administrators')
      .select('subject')
      .where('subject', '=', subject)
      .executeTakeFirst();
    const rows = await db
      .selectFrom('users')
      .innerJoin('memberships', 'memberships.user_id', 'users.id')
      .innerJoin('roles', 'roles.key', 'memberships.role_key')
      .select(['users.id', 'memberships.organization_id', 'roles.permissions'])
      .where('users.zitadel_user_id', '=', subject)
      .where('users.active', '=', true)
      .execute();
    return {
      subject,
      userId: rows[0]?.id,
      siteAdministrator: administrator !== undefined && (!session || session.application === siteApplication),
      permissions: new Map(rows.map((row) => [row.organization_id, new Set(row.permissions)])),
      ...(session ? { session } : {}),
    };
  });
}

/** Whether a caller may do something in an organization. */
function may(caller: Caller, permission: Permission, organizationId: string): boolean {
  return caller.siteAdministrator || (caller.permissions.get(organizationId)?.has(permission) ?? false);
}

/** The same words for what is missing and for what is not the caller's business. */
export const nothingHere = 'There is nothing of that name here, or you have no part in its organization.';

/**
 * Refuses what a caller may not do. Somebody without any part in the organization learns nothing of what is in it.
 *
 * @throws {DrawbridgeError} `not_found` for strangers to the organization, `forbidden` for its members
 */
export function requirePermission(caller: Caller, permission: Permission, organizationId: string): void {
  if (may(caller, permission, organizationId)) return;
  if (!caller.permissions.has(organizationId))
    throw new DrawbridgeError('not_found', { message: nothingHere });
  throw new DrawbridgeError('forbidden', {
    message: `This needs the permission ${permission} in the organization.`,
  });
}

/**
 * Refuses whoever is no site administrator.
 *
 * @throws {DrawbridgeError} `forbidden`
 */
export function requireSite(caller: Caller): void {
  if (!caller.siteAdministrator)
    throw new DrawbridgeError('forbidden', { message: 'This is for site administrators.' });
}
