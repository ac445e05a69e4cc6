import { useSuspenseQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import { type Me, meQuery, type Permission } from '../api/index.ts';

/** The organization a page is about, with what the signed-in person may do there. */
export interface CurrentOrganization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** A site administrator who is no member: changes need a reason given first. */
  readonly foreign: boolean;
  can(permission: Permission): boolean;
}

const Context = createContext<CurrentOrganization | undefined>(undefined);

export function OrganizationProvider({
  organization,
  children,
}: {
  readonly organization: CurrentOrganization;
  readonly children: ReactNode;
}) {
  return <Context value={organization}>{children}</Context>;
}

/** The organization of a page under `/o/{slug}`. */
export function useOrganization(): CurrentOrganization {
  const organization = use(Context);
  if (!organization) throw new Error('this page stands under no organization');
  return organization;
}

/** The same, where a page may stand outside of any. */
export function useOrganizationIfAny(): CurrentOrganization | undefined {
  return use(Context);
}

/** Who is signed in; the shell has made sure that somebody is. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery()).data;
}

/** What somebody may do in an organization, as the API told it. */
export function organizationFor(
  me: Me,
  known: { readonly id: string; readonly slug: string; readonly name: string },
): CurrentOrganization {
  const membership = me.organizations.find(({ id }) => id === known.id);
  return {
    id: known.id,
    slug: known.slug,
    name: known.name,
    foreign: membership === undefined,
    can: (permission) => me.siteAdministrator || (membership?.permissions.includes(permission) ?? false),
  };
}
