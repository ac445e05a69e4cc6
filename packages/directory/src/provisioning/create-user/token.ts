import type { IntegrationRegistry } from '../../integrations/index.ts';
import type { Step } from '../../saga/index.ts';
import type { CreateUserInput } from './input.ts';

/** Step 1: a token of the service account, so that a dead key is told before anything is changed. */
export function tokenStep(integrations: IntegrationRegistry): Step<CreateUserInput> {
  return {
    name: 'token',
    title: 'token',
    key: ({ runId }) => `${runId}/token`,
    async call({ organizationId, signal }) {
      const tenant = await integrations.tenant(organizationId);
      await tenant.zitadel.token.get({ signal });
      return { outcome: 'done', output: null, detail: 'service account accepted' };
    },
  };
}
