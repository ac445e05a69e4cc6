export {
  addOrganization,
  findOrganization,
  listOrganizations,
  type NewOrganization,
  type Organization,
} from './organizations.ts';
