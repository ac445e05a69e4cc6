import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMe } from '../access/index.ts';
import { organizationsQuery } from '../api/index.ts';
import { useKnownOrganization } from './navigation.tsx';

/** Chooses the organization that all pages are about. */
export function OrganizationSwitcher({ slug }: { readonly slug: string | undefined }) {
  const me = useMe();
  const navigate = useNavigate();
  const all = useQuery({ ...organizationsQuery(), enabled: me.siteAdministrator });
  const current = useKnownOrganization(slug);
  const own = me.organizations.map((one) => ({ value: one.slug, label: one.name }));
  const others = (all.data ?? [])
    .filter(({ id }) => !me.organizations.some((one) => one.id === id))
    .map((one) => ({ value: one.slug, label: one.name }));
  if (own.length + others.length === 0) return null;
  return (
    <Select
      aria-label="Organization"
      size="sm"
      w={200}
      miw={0}
      allowDeselect={false}
      searchable={own.length + others.length > 8}
      data={
        others.length > 0 && own.length > 0
          ? [
              { group: 'Yours', items: own },
              { group: 'Others', items: others },
            ]
          : [...own, ...others]
      }
      value={current?.slug ?? null}
      onChange={(value) => {
        if (value !== null) void navigate({ to: '/o/$org', params: { org: value } });
      }}
    />
  );
}
