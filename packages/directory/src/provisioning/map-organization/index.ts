import { DrawbridgeError } from '@drawbridge/kit';
import type { Saga, Step } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import { applicationRoles, makeSureOfGrant, roleKeysOf } from '../steps/grant.ts';
import { notActive } from '../steps/organization.ts';
import { tokenStep } from '../steps/token.ts';
import { mapStep, releaseStep } from './mapping.ts';

/** What a `map-organization` run was asked for. */
export interface MapOrganizationInput {
  /** Null unmaps. */
  readonly zitadelOrgId: string | null;
  readonly netbirdProjectId: string | null;
  /** What the organization was mapped to before. */
  readonly before: { readonly zitadelOrgId: string | null; readonly netbirdProjectId: string | null };
  readonly actor: string;
  readonly reason: string;
}

/**
 * The saga behind `POST /api/zitadel/org-mapping`: the new organization gets its project grants first, the former one loses
 * its own last. Unmapping closes the tenant before its grants go.
 */
export function mapOrganizationSaga(parts: SagaParts): Saga<MapOrganizationInput> {
  return {
    name: 'map-organization',
    steps: [
      tokenStep(parts.integrations),
      proofStep(parts),
      grantStep(parts, 'application'),
      grantStep(parts, 'netbird'),
      mapStep(parts),
      releaseStep(parts),
    ],
  };
}

/** The Zitadel organization exists and is active. */
function proofStep({ integrations }: SagaParts): Step<MapOrganizationInput> {
  return {
    name: 'organization',
    title: 'organization',
    place: 'zitadel',
    key: ({ runId }) => `${runId}/organization`,
    async call({ organizationId, input, signal, attempt }) {
      if (input.zitadelOrgId === null) return { outcome: 'done', output: null, detail: 'none' };
      const { site } = await integrations.place(organizationId);
      const found = await site.organizations.find(input.zitadelOrgId, { signal });
      if (!found && attempt < 4)
        return { outcome: 'waiting', detail: 'Zitadel does not list the organization yet.' };
      if (found?.state !== 'ORGANIZATION_STATE_ACTIVE')
        return notActive(input.zitadelOrgId, found !== undefined);
      return { outcome: 'done', output: null, detail: `${found.name}, ${found.id}` };
    },
  };
}

/** The organization may use the project: the application's, or its NetBird's. */
function grantStep(
  { integrations }: SagaParts,
  which: 'application' | 'netbird',
): Step<MapOrganizationInput, { readonly granted: boolean }> {
  return {
    name: `${which}_grant`,
    title: which === 'application' ? 'project grant' : 'netbird grant',
    place: 'zitadel',
    key: ({ organizationId, input }) => `grant/${which}/${organizationId}/${input.zitadelOrgId}`,
    async call({ organizationId, input, signal }) {
      const { site, integration } = await integrations.place(organizationId);
      const projectId = which === 'application' ? integration.project_id : input.netbirdProjectId;
      if (input.zitadelOrgId === null || projectId === null) {
        if (which === 'application' && projectId === null)
          throw new DrawbridgeError('invalid_settings', { message: 'The integration names no project.' });
        return { outcome: 'done', output: { granted: false }, detail: 'none' };
      }
      const roleKeys = which === 'application' ? applicationRoles : await roleKeysOf(site, projectId, signal);
      const refusal = await makeSureOfGrant(
        site,
        { projectId, organizationId: input.zitadelOrgId, roleKeys },
        signal,
      );
      return (
        refusal ?? {
          outcome: 'done',
          output: { granted: true },
          detail: `project ${projectId}: ${roleKeys.join(', ') || 'no roles'}`,
        }
      );
    },
  };
}
