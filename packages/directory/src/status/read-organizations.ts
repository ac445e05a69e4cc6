import { DrawbridgeError } from '@drawbridge/kit';
import { isDatabaseAway } from './carry-out.ts';
import { type Observed, observe, type Pass } from './observe.ts';
import type { SyncParts } from './parts.ts';

/** An organization that could not be read. Nothing is concluded about anybody in it. */
export interface ReadFailure {
  readonly organizationId: string;
  readonly code: string;
  readonly reason: string;
}

/** All organizations of a sweep. */
export interface ReadOrganizations {
  readonly observed: readonly Observed[];
  readonly failures: readonly ReadFailure[];
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Reads the mapped organizations, or one of them. Each Zitadel first proves that it sees its own data; one organization
 * whose own service account fails costs nobody but itself.
 *
 * @param onProved told once every Zitadel has, and before anybody is read
 * @throws {DrawbridgeError} what the canary throws, and what kept every organization from being read
 */
export async function readOrganizations(
  parts: SyncParts,
  only: string | null,
  pass: Pass,
  onProved: (canary: string) => Promise<void>,
): Promise<ReadOrganizations> {
  const { database, integrations } = parts;
  const call = { signal: pass.signal, priority: 'low' as const };
  const mapped = await database.read((db) =>
    db
      .selectFrom('organizations')
      .select(['id', 'name', 'integration_id'])
      .where('zitadel_org_id', 'is not', null)
      .$if(only !== null, (query) => query.where('id', '=', only))
      .orderBy('id')
      .execute(),
  );
  const proved = new Set<string>();
  for (const { id, integration_id } of mapped) {
    if (proved.has(integration_id)) continue;
    const { site } = await integrations.tenant(id);
    await site.canary(call);
    proved.add(integration_id);
  }
  await onProved(proved.size === 1 ? 'ok' : `ok, ${proved.size} instances`);
  const observed: Observed[] = [];
  const failures: ReadFailure[] = [];
  let first: unknown;
  for (const { id, name } of mapped) {
    try {
      const tenant = await integrations.tenant(id);
      if (tenant.zitadel !== tenant.site) await tenant.zitadel.canary(call);
      observed.push(await observe(parts, tenant, pass));
    } catch (error) {
      if (!(error instanceof DrawbridgeError) || pass.signal.aborted || isDatabaseAway(error)) throw error;
      first ??= error;
      failures.push({
        organizationId: id,
        code: error.code,
        reason: `${name} could not be read: ${error.message}`,
      });
    }
  }
  if (observed.length === 0 && first !== undefined) throw first;
  return {
    observed,
    failures,
    names: new Map(mapped.map(({ id, name }) => [id, name])),
  };
}
