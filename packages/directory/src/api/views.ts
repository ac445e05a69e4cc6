import type { z } from 'zod';
import type { Exchange } from '../exchanges/index.ts';
import type { Organization } from '../organizations/index.ts';
import type { Run, SagaEngine, StepRow } from '../saga/index.ts';
import { stateOf, type UserView } from '../users/index.ts';
import type * as schemas from './schemas.ts';

/** A user as the API shows it. */
export function showUser({ user, memberships, lastRun }: UserView): z.infer<typeof schemas.user> {
  return {
    id: user.id,
    organizationId: user.organization_id,
    zitadelUserId: user.zitadel_user_id,
    email: user.email,
    givenName: user.given_name,
    familyName: user.family_name,
    active: user.active,
    state: stateOf({ user, lastRun }),
    stateReason: user.state_reason,
    stateChangedAt: user.state_changed_at?.toISOString() ?? null,
    stateChangedBy: user.state_changed_by,
    zitadelState: user.zitadel_state,
    zitadelSeenAt: user.zitadel_seen_at?.toISOString() ?? null,
    netbirdState: user.netbird_state,
    netbirdUserId: user.netbird_user_id,
    netbirdSeenAt: user.netbird_seen_at?.toISOString() ?? null,
    lastRun: lastRun ?? null,
    version: user.version,
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
export function showRun(
  run: Run,
  steps: readonly StepRow[],
  engine: Pick<SagaEngine, 'saga' | 'triesOf'>,
): z.infer<typeof schemas.run> {
  const known = new Map(engine.saga(run.saga)?.steps.map((step) => [step.name, step]));
  return {
    id: run.id,
    saga: run.saga,
    organizationId: run.organization_id,
    userId: run.user_id,
    title: run.title,
    batchId: run.batch_id,
    state: run.state,
    code: run.reason_code,
    reason: run.reason,
    requestedBy: run.requested_by,
    steps: steps.map((step) => ({
      name: step.name,
      title: step.title,
      place: known.get(step.name)?.place ?? 'here',
      undo: known.get(step.name)?.undo ?? null,
      idempotencyKey: step.idempotency_key,
      state: step.state,
      attempts: step.attempts,
      attemptsAllowed: engine.triesOf(step),
      detail: step.detail,
      code: step.error_code,
      error: step.error,
      exchanges: (step.exchanges ?? []) as Exchange[],
      nextTryAt: step.next_try_at?.toISOString() ?? null,
      startedAt: step.started_at?.toISOString() ?? null,
      finishedAt: step.finished_at?.toISOString() ?? null,
    })),
    decision:
      run.decision === null || run.decided_by === null || run.decided_at === null
        ? null
        : {
            decision: run.decision,
            by: run.decided_by,
            at: run.decided_at.toISOString(),
            reason: run.decision_reason,
          },
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
    netbirdProjectId: organization.netbird_project_id,
    netbirdGroups: organization.netbird_groups,
    netbirdRoleGroups: organization.netbird_role_groups,
    signIn: organization.sign_in,
    identityProviderId: organization.identity_provider_id,
    ownServiceAccount: organization.service_account_json !== null,
    adminsManageUsers: organization.admins_manage_users,
    mappedAt: organization.mapped_at?.toISOString() ?? null,
    mappedBy: organization.mapped_by,
    version: organization.version,
  };
}
