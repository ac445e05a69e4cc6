export { Administrators, Needs } from './needs.tsx';
export {
  type CurrentOrganization,
  OrganizationProvider,
  organizationFor,
  useMe,
  useOrganization,
} from './organization.tsx';
