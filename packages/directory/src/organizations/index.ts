export { mapOrganization, type NewMapping } from './mapping.ts';
export {
  addOrganization,
  countUsers,
  findOrganization,
  listOrganizations,
  type NewOrganization,
  type Organization,
} from './organizations.ts';
export { type ChangedBy, changeOrganization, type OrganizationChange } from './settings.ts';
