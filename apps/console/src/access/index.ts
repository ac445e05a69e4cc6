export { Administrators, Needs } from './needs.tsx';
export {
  type CurrentOrganization,
  OrganizationProvider,
  organizationFor,
  useMe,
  useOrganization,
  useOrganizationIfAny,
} from './organization.tsx';
