export {
  type CurrentOrganization,
  OrganizationProvider,
  organizationFor,
  useMe,
  useOrganization,
} from './organization.tsx';
