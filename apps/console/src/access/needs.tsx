import { useQuery } from '@tanstack/react-query';
import { administratorsQuery, type Permission, rolesQuery } from '../api/index.ts';
import { type CurrentOrganization, useOrganizationIfAny } from './organization.tsx';

/** Says what is missing to do something here, and whom to ask for it. */
export function Needs({ permission, to }: { readonly permission: Permission; readonly to: string }) {
  const organization = useOrganizationIfAny();
  const roles = useQuery(rolesQuery());
  const able = (roles.data ?? []).filter(({ permissions }) => permissions.includes(permission));
  const role = able.map(({ displayName }) => displayName).join(' or ');
  return (
    <span className="muted">
      To {to} you need {role === '' ? `the permission ${permission}` : `the role ${role}`}
      {organization && ` in ${organization.name}`}. <Administrators />
    </span>
  );
}

/** The people who may give more rights here, by name for whoever may know the people. */
export function Administrators() {
  const organization = useOrganizationIfAny();
  if (!organization) return null;
  if (!organization.can('users.read')) return <span>Ask an administrator of {organization.name}.</span>;
  return <Names organization={organization} />;
}

function Names({ organization }: { readonly organization: CurrentOrganization }) {
  const { data = [] } = useQuery(administratorsQuery(organization.id));
  const names = data.map(({ givenName, familyName, email }) => `${givenName} ${familyName}`.trim() || email);
  return names.length === 0 ? null : <span>Administrators: {names.join(', ')}.</span>;
}
