import type { z } from 'zod';
import type { Organization } from '../organizations/index.ts';
import type { Run, StepRow } from '../saga/index.ts';
import type { UserView } from '../users/index.ts';
import type * as schemas from './schemas.ts';

/** A user as the API shows it. */
export function showUser({ user, memberships }: UserView): z.infer<typeof schemas.user> {
  return {
    id: user.id,
    organizationId: user.organization_id,
    zitadelUserId: user.zitadel_user_id,
    email: user.email,
    givenName: user.given_name,
    familyName: user.family_name,
    active: user.active,
    permissions: user.permissions,
    memberships: memberships.map(({ organization_id, role_key, home }) => ({
      organizationId: organization_id,
      role: role_key,
      home,
    })),
    createdAt: user.created_at.toISOString(),
    updatedAt: user.updated_at.toISOString(),
  };
}

/** A run as the API shows it: never the outputs of its steps, which are for the saga alone. */
export function showRun(run: Run, steps: readonly StepRow[]): z.infer<typeof schemas.run> {
  return {
    id: run.id,
    saga: run.saga,
    organizationId: run.organization_id,
    userId: run.user_id,
    state: run.state,
    code: run.reason_code,
    reason: run.reason,
    requestedBy: run.requested_by,
    steps: steps.map((step) => ({
      name: step.name,
      title: step.title,
      state: step.state,
      attempts: step.attempts,
      detail: step.detail,
      code: step.error_code,
      error: step.error,
      nextTryAt: step.next_try_at?.toISOString() ?? null,
      startedAt: step.started_at?.toISOString() ?? null,
      finishedAt: step.finished_at?.toISOString() ?? null,
    })),
    choices: choices(run),
    createdAt: run.created_at.toISOString(),
    updatedAt: run.updated_at.toISOString(),
    finishedAt: run.finished_at?.toISOString() ?? null,
  };
}

function choices({ state }: Run): z.infer<typeof schemas.run>['choices'] {
  if (state === 'attention' || state === 'quarantined') return ['resume', 'compensate', 'abandon'];
  return state === 'waiting' ? ['compensate'] : [];
}

/** An organization as the API shows it. */
export function showOrganization(organization: Organization): z.infer<typeof schemas.organization> {
  return {
    id: organization.id,
    slug: organization.slug,
    name: organization.name,
    zitadelOrgId: organization.zitadel_org_id,
    projectGrant: organization.project_grant,
  };
}
