import type { Saga } from '../saga/index.ts';
import { activateUserSaga } from './activate-user/index.ts';
import { changeUserSaga } from './change-user/index.ts';
import { createUserSaga } from './create-user/index.ts';
import { deactivateUserSaga } from './deactivate-user/index.ts';
import { deleteUserSaga } from './delete-user/index.ts';
import { inviteUserSaga } from './invite-user/index.ts';
import { mapOrganizationSaga } from './map-organization/index.ts';
import { addMembershipSaga, removeMembershipSaga } from './membership/index.ts';
import type { SagaParts } from './parts.ts';

/** Every saga of the directory. */
export function createSagas(parts: SagaParts) {
  return {
    createUser: createUserSaga(parts),
    changeUser: changeUserSaga(parts),
    activateUser: activateUserSaga(parts),
    deactivateUser: deactivateUserSaga(parts),
    deleteUser: deleteUserSaga(parts),
    inviteUser: inviteUserSaga(parts),
    addMembership: addMembershipSaga(parts),
    removeMembership: removeMembershipSaga(parts),
    mapOrganization: mapOrganizationSaga(parts),
  };
}

export type Sagas = ReturnType<typeof createSagas>;

/** The same sagas as the engine takes them. */
export function allSagas(sagas: Sagas): readonly Saga<never>[] {
  return Object.values(sagas) as unknown as readonly Saga<never>[];
}
