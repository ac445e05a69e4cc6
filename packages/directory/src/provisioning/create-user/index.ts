import type { IntegrationRegistry } from '../../integrations/index.ts';
import type { Saga } from '../../saga/index.ts';
import type { CreateUserInput } from './input.ts';
import { membershipsStep } from './memberships.ts';
import { organizationStep } from './organization.ts';
import { permissionsStep } from './permissions.ts';
import { proofStep } from './proof.ts';
import { tokenStep } from './token.ts';
import { zitadelUserStep } from './zitadel-user.ts';

export type { CreateUserInput } from './input.ts';

/** The saga behind `POST /api/users`. */
export function createUserSaga(integrations: IntegrationRegistry): Saga<CreateUserInput> {
  return {
    name: 'create-user',
    steps: [
      tokenStep(integrations),
      organizationStep(integrations),
      zitadelUserStep(integrations),
      proofStep(integrations),
      membershipsStep(integrations),
      permissionsStep(),
    ],
    // The address is free again: the person can be created anew.
    async compensated(trx, { userId }) {
      await trx.deleteFrom('users').where('id', '=', userId).execute();
    },
  };
}
