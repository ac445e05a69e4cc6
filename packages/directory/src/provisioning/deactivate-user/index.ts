import type { Saga } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import { netbirdBlockStep } from '../steps/netbird-block.ts';
import { tokenStep } from '../steps/token.ts';
import type { StateInput } from './input.ts';
import { sessionsStep } from './sessions.ts';
import { deactivateStep } from './zitadel.ts';

export type { StateInput } from './input.ts';
export { deactivatedHere, removeMark, stateWord } from './ownership.ts';

/** The saga behind `POST /api/zitadel/users/{id}/deactivate`: Zitadel first, then what is still open elsewhere. */
export function deactivateUserSaga(parts: SagaParts): Saga<StateInput> {
  return {
    name: 'deactivate-user',
    steps: [
      tokenStep(parts.integrations),
      deactivateStep(parts),
      sessionsStep(parts),
      netbirdBlockStep(parts, true),
    ],
  };
}
