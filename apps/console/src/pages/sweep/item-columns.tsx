import { Link } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import type { SweepItem, SweepShare } from '../../api/index.ts';
import { type Column, Copyable, StateBadge, Who } from '../../parts/index.ts';

/** The columns of a sweep's users. Under an organization each leads to the user. */
export function itemColumns(
  organization: string | undefined,
  shares: readonly SweepShare[] = [],
): readonly Column<SweepItem>[] {
  const place: Column<SweepItem> = {
    key: 'organization',
    title: 'Organization',
    render: ({ organizationId }) => shares.find(({ id }) => id === organizationId)?.name ?? organizationId,
  };
  return [
    {
      key: 'user',
      title: 'User',
      render: (item) =>
        organization === undefined ? (
          <Who
            name={item.name ?? <Copyable value={item.userId} label="user id" />}
            under={item.email ?? ''}
          />
        ) : (
          <UserLink item={item} />
        ),
    },
    ...(organization === undefined ? [place] : []),
    { key: 'state', title: 'State', render: ({ state }) => <StateBadge state={state} /> },
    { key: 'was', title: 'Now', render: ({ was }) => <StateBadge state={was} /> },
    { key: 'kind', title: 'Would', render: ({ kind }) => kind },
    { key: 'says', title: 'Zitadel says', render: ({ says }) => says.replaceAll('_', ' ') },
    { key: 'detail', title: 'Why', minor: true, render: ({ detail }) => detail ?? '–' },
  ];
}

function UserLink({ item }: { readonly item: SweepItem }) {
  const { slug } = useOrganization();
  return (
    <Who
      name={
        <Link to="/o/$org/users/$id/$tab" params={{ org: slug, id: item.userId, tab: 'summary' }}>
          {item.name ?? item.email ?? item.userId}
        </Link>
      }
      under={item.email ?? ''}
    />
  );
}
