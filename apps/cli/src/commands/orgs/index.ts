export { availableOrganizations, listOrganizations, showOrganization } from './list.ts';
export { createOrganization, mapOrganization, unmapOrganization } from './map.ts';
