import { DrawbridgeError } from '@drawbridge/kit';
import { recordAudit } from '../audit/index.ts';
import type { Database } from '../database/index.ts';
import type { Sagas } from '../provisioning/index.ts';
import type { SagaEngine } from '../saga/index.ts';
import type { ChangedBy } from './settings.ts';

/** Which organization in Zitadel, and which NetBird project, a tenant is to be. */
export interface NewMapping {
  readonly organizationId: string;
  /** Null unmaps: the tenant is closed. */
  readonly zitadelOrgId: string | null;
  /** Absent: as before. */
  readonly netbirdProjectId?: string | null;
}

/**
 * Asks for an organization to be mapped, mapped to another, or unmapped. The run proves that the other side exists, makes
 * its project grants and only then changes the mapping.
 *
 * @returns the run's id
 * @throws {DrawbridgeError} `not_found`, `organization_mapped_elsewhere`, `conflict` while another mapping is under way
 */
export async function mapOrganization(
  {
    database,
    engine,
    sagas,
  }: { readonly database: Database; readonly engine: SagaEngine; readonly sagas: Sagas },
  mapping: NewMapping,
  { actor, reason, requestId }: Omit<ChangedBy, 'at'>,
): Promise<string> {
  const { organizationId, zitadelOrgId } = mapping;
  return await database.transaction(async (trx) => {
    const organization = await trx
      .selectFrom('organizations')
      .selectAll()
      .where('id', '=', organizationId)
      .forUpdate()
      .executeTakeFirst();
    if (!organization) throw new DrawbridgeError('not_found');
    const before = {
      zitadelOrgId: organization.zitadel_org_id,
      netbirdProjectId: organization.netbird_project_id,
    };
    const taken = await trx
      .selectFrom('organizations')
      .select('name')
      .where('integration_id', '=', organization.integration_id)
      .where('zitadel_org_id', '=', zitadelOrgId)
      .where('id', '<>', organizationId)
      .executeTakeFirst();
    if (taken) {
      throw new DrawbridgeError('organization_mapped_elsewhere', {
        message: `${taken.name} is mapped to organization ${zitadelOrgId} already.`,
      });
    }
    const open = await trx
      .selectFrom('provisioning_runs')
      .select('id')
      .where('organization_id', '=', organizationId)
      .where('saga', '=', sagas.mapOrganization.name)
      .where('state', 'in', ['queued', 'running', 'compensating', 'attention'])
      .executeTakeFirst();
    if (open) {
      throw new DrawbridgeError('conflict', {
        message: `Another change of this mapping is not over yet: run ${open.id}.`,
      });
    }
    const netbirdProjectId =
      mapping.netbirdProjectId === undefined ? before.netbirdProjectId : mapping.netbirdProjectId;
    const to = zitadelOrgId === null ? 'nothing' : zitadelOrgId;
    const request = requestId === undefined ? {} : { requestId };
    const runId = await engine.start(trx, {
      saga: sagas.mapOrganization,
      organizationId,
      input: { zitadelOrgId, netbirdProjectId, before, actor, reason },
      title: `map ${organization.name} to ${to}`,
      requestedBy: actor,
      ...request,
    });
    await recordAudit(trx, {
      organizationId,
      actor,
      action: 'organization.remap',
      objectType: 'organization',
      objectId: organizationId,
      from: before,
      to: { zitadelOrgId, netbirdProjectId, run: runId },
      reason,
      ...request,
      at: engine.now(),
    });
    return runId;
  });
}
