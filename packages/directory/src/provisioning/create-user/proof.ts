import type { IntegrationRegistry } from '../../integrations/index.ts';
import type { Step } from '../../saga/index.ts';
import type { CreateUserInput, ZitadelUserOutput } from './input.ts';

/**
 * Step 4: the user really is in the organization that was asked for. Zitadel is known to keep a re-used id in its old
 * organization, so nothing is given to the user before this holds.
 */
export function proofStep(integrations: IntegrationRegistry): Step<CreateUserInput> {
  return {
    name: 'proof',
    title: 'proof',
    place: 'zitadel',
    key: ({ runId }) => `${runId}/proof`,
    async call(context) {
      const { zitadel, organization } = await integrations.tenant(context.organizationId, context.scope);
      const { zitadelUserId } = context.output<ZitadelUserOutput>('zitadel_user');
      const user = await zitadel.users.get(zitadelUserId, { signal: context.signal });
      const actual = user.organizationId;
      if (actual !== organization.zitadel_org_id) {
        return {
          outcome: 'quarantined',
          code: 'wrong_organization',
          reason: `User ${zitadelUserId} is in organization ${actual}, not in ${organization.zitadel_org_id}. Nobody was given access.`,
        };
      }
      return { outcome: 'done', output: null, detail: `in organization ${actual}` };
    },
  };
}
