export { nameFirstAdministrator, putSiteAdministrator } from './first-administrator.ts';
export { putZitadelIntegration, type ZitadelIntegration } from './integration.ts';
export { type KnownMember, putMember } from './member.ts';
export {
  type NetbirdIntegration,
  type OrganizationNetbird,
  putNetbirdIntegration,
  putOrganizationNetbird,
} from './netbird.ts';
