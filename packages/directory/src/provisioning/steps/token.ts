import type { IntegrationRegistry } from '../../integrations/index.ts';
import type { Step } from '../../saga/index.ts';

/** A token of the service account, so that a dead key is told before anything is changed. */
export function tokenStep<Input>(integrations: IntegrationRegistry): Step<Input> {
  return {
    name: 'token',
    title: 'token',
    place: 'zitadel',
    key: ({ runId }) => `${runId}/token`,
    async call({ organizationId, scope, signal }) {
      const { site } = await integrations.place(organizationId, scope);
      await site.token.get({ signal });
      return { outcome: 'done', output: null, detail: 'service account accepted' };
    },
  };
}
