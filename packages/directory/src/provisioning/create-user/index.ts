import type { Saga } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import { administratorStep } from '../steps/administrator.ts';
import { membershipsStep } from '../steps/memberships.ts';
import { netbirdStep } from '../steps/netbird.ts';
import { organizationStep } from '../steps/organization.ts';
import { permissionsStep } from '../steps/permissions.ts';
import { tokenStep } from '../steps/token.ts';
import type { CreateUserInput } from './input.ts';
import { mailStep } from './mail.ts';
import { proofStep } from './proof.ts';
import { zitadelUserStep } from './zitadel-user.ts';

export { type CreateUserInput, passwordPlace } from './input.ts';

/** The saga behind `POST /api/users`. */
export function createUserSaga(parts: SagaParts): Saga<CreateUserInput> {
  const { integrations } = parts;
  return {
    name: 'create-user',
    steps: [
      tokenStep(integrations),
      organizationStep(integrations),
      zitadelUserStep(parts),
      proofStep(integrations),
      membershipsStep(integrations),
      administratorStep(integrations, { newcomer: true }),
      mailStep(integrations),
      permissionsStep(),
      netbirdStep(parts, { newcomer: true }),
    ],
    // The address is free again: the person can be created anew.
    async compensated(trx, { userId }) {
      await trx.deleteFrom('users').where('id', '=', userId).execute();
    },
  };
}
