export type { ChangeUserInput } from './change-user/index.ts';
export { type CreateUserInput, passwordPlace } from './create-user/index.ts';
export { stateWord } from './deactivate-user/index.ts';
export type { MapOrganizationInput } from './map-organization/index.ts';
export type { SagaParts } from './parts.ts';
export { allSagas, createSagas, type Sagas } from './sagas.ts';
