import { DrawbridgeError } from '@drawbridge/kit';
import type { Canary, InstanceService } from '../services/index.ts';
import { type CallOptions, type Transport, ZitadelError } from '../transport/index.ts';

/** What a probe found out. */
export interface Probe {
  /** As Zitadel says it, without `v`; absent where the service account may not read it. */
  readonly version?: string;
}

/** The lowest version with every service we call, the full organization service being the last. */
const lowest = [4, 7, 0] as const;

/**
 * Shows that this Zitadel is new enough: by its version where we may read it, and by a harmless read of each service
 * that came late. A refusal counts as "it is there".
 *
 * @throws {DrawbridgeError} `zitadel_too_old`, `instance_not_found`, `credentials_refused`, or why it was not reached
 */
export async function probe(
  transport: Transport,
  instance: InstanceService,
  canary: Canary,
  options: CallOptions = {},
): Promise<Probe> {
  const version = await readVersion(instance, options);
  if (version !== undefined && isOlder(version)) {
    throw new DrawbridgeError('zitadel_too_old', { saw: `Zitadel ${version}` });
  }
  const userId = await canary.self(options);
  const page = { pagination: { limit: 1 } };
  await isServed('zitadel.project.v2.ProjectService', () =>
    transport.call('zitadel.project.v2.ProjectService/ListProjects', page, options),
  );
  await isServed('zitadel.authorization.v2.AuthorizationService', () =>
    transport.call('zitadel.authorization.v2.AuthorizationService/ListAuthorizations', page, options),
  );
  await isServed('zitadel.org.v2.OrganizationService/ListOrganizationMetadata', () =>
    transport.call(
      'zitadel.org.v2.OrganizationService/ListOrganizationMetadata',
      { organizationId: userId, ...page },
      options,
    ),
  );
  return version === undefined ? {} : { version };
}

async function readVersion(instance: InstanceService, options: CallOptions): Promise<string | undefined> {
  try {
    const { version } = await instance.get(options);
    return version?.replace(/^v/, '');
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw tooOldIfMissing(error, 'zitadel.instance.v2.InstanceService');
  }
}

async function isServed(what: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isRefusal(error)) throw tooOldIfMissing(error, what);
  }
}

/** Zitadel answered from inside the procedure, so the procedure is there. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof ZitadelError)) return false;
  return (
    error.code === 'membership_missing' ||
    error.code === 'zitadel_forbidden' ||
    error.code === 'zitadel_precondition' ||
    error.code === 'zitadel_invalid_argument' ||
    (error.code === 'zitadel_not_found' && error.id !== undefined)
  );
}

/** An unknown path: Connect's unimplemented, or the gateway's own NotFound without an id. */
function tooOldIfMissing(error: unknown, what: string): unknown {
  const missing =
    error instanceof ZitadelError &&
    (error.code === 'zitadel_unimplemented' ||
      (error.code === 'zitadel_not_found' && error.id === undefined));
  return missing ? new DrawbridgeError('zitadel_too_old', { saw: `no ${what}`, cause: error }) : error;
}

function isOlder(version: string): boolean {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (!parts) return false; // a development build: only what it serves counts
  for (const [index, least] of lowest.entries()) {
    const part = Number(parts[index + 1]);
    if (part !== least) return part < least;
  }
  return false;
}
