import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type Mapping, mappingsQuery, type Organization, organizationsQuery } from '../../api/index.ts';
import {
  Button,
  type Column,
  ColumnMenu,
  Copyable,
  DataTable,
  Empty,
  FilterInput,
  formatCount,
  matches,
  PageHeader,
  ProblemPanel,
  parseFilter,
  plural,
  Remote,
  type RowFacts,
  StateBadge,
  Time,
  Toolbar,
  useShownColumns,
} from '../../parts/index.ts';
import { NoMatch } from '../shared/index.ts';
import { CreateOrganization } from './create-organization.tsx';

const route = getRouteApi('/site/organizations');
const filters = { state: ['mapped', 'unmapped', 'drifted'] } as const;

interface Row {
  readonly organization: Organization;
  /** Unknown while Zitadel's side is not read. */
  readonly mapping: Mapping | undefined;
}

/** Which tenant is which Zitadel organization, and is it whole? */
export function OrganizationsPage() {
  const { q = '', panel } = route.useSearch();
  const navigate = useNavigate();
  const organizations = useQuery(organizationsQuery());
  const mappings = useQuery(mappingsQuery());
  const shown = useShownColumns('organizations', columns);
  const goTo = (search: { q?: string; panel?: string }) =>
    void navigate({
      to: '/site/organizations',
      search: Object.fromEntries(Object.entries({ q, panel, ...search }).filter(([, value]) => value)),
      replace: true,
    });
  const create = (variant: 'filled' | 'default') => (
    <Button variant={variant} onClick={() => goTo({ panel: 'create' })}>
      Create organization
    </Button>
  );
  return (
    <>
      <PageHeader title="Organizations" actions={create('filled')}>
        {organizations.data && mappings.data && <span>{answer(organizations.data, mappings.data)}</span>}
        Each tenant here belongs to one organization at Zitadel; without one, sign-in is closed.
      </PageHeader>
      <Toolbar>
        <FilterInput label="Name" value={q} options={filters} onChange={(value) => goTo({ q: value })} />
        <ColumnMenu page="organizations" columns={columns} />
      </Toolbar>
      {mappings.error && (
        <ProblemPanel
          error={mappings.error}
          what="The mapping could not be read"
          onRetry={() => void mappings.refetch()}
        />
      )}
      <Remote query={organizations} what="The organizations">
        {(all) => {
          const rows = matching(all, mappings.data ?? [], q);
          if (rows.length === 0) {
            return q === '' ? (
              <Empty action={create('default')} command="drawbridge orgs create SLUG --name NAME">
                No organization is known yet.
              </Empty>
            ) : (
              <NoMatch what="organizations" filter={q} onClear={() => goTo({ q: '' })} />
            );
          }
          return (
            <DataTable
              label="Organizations"
              columns={shown}
              rows={rows}
              rowKey={({ organization }) => organization.id}
              copyId={({ organization }) => organization.id}
            />
          );
        }}
      </Remote>
      {panel === 'create' && <CreateOrganization onClose={() => goTo({ panel: '' })} />}
    </>
  );
}

/** How many tenants there are, and how many of them are not whole. */
function answer(all: readonly Organization[], mappings: readonly Mapping[]): string {
  const rows = matching(all, mappings, '');
  const inState = (state: string) => rows.filter((row) => stateOf(row) === state).length;
  const parts = ['unmapped', 'drifted'].flatMap((state) =>
    inState(state) > 0 ? [`${formatCount(inState(state))} ${state}`] : [],
  );
  return `${plural(all.length, 'organization')}, ${parts.join(', ') || 'all mapped'}.`;
}

function matching(all: readonly Organization[], mappings: readonly Mapping[], q: string): readonly Row[] {
  const filter = parseFilter(q, filters);
  return all
    .map((organization) => ({
      organization,
      mapping: mappings.find((one) => one.organization.id === organization.id),
    }))
    .filter((row) => matches(filter, factsOf(row)));
}

/** What of an organization a filter names. */
function factsOf(row: Row): RowFacts {
  return {
    words: `${row.organization.name} ${row.organization.slug}`,
    named: { state: stateOf(row) },
  };
}

function stateOf({ organization, mapping }: Row): string {
  return mapping?.state ?? (organization.zitadelOrgId ? 'mapped' : 'unmapped');
}

const columns: readonly Column<Row>[] = [
  {
    key: 'name',
    title: 'Name',
    render: ({ organization }) => (
      <Link to="/o/$org" params={{ org: organization.slug }}>
        {organization.name}
      </Link>
    ),
  },
  { key: 'state', title: 'Mapping', render: (row) => <StateBadge state={stateOf(row)} /> },
  {
    key: 'zitadel',
    title: 'At Zitadel',
    render: ({ organization }) =>
      organization.zitadelOrgId ? (
        <Copyable value={organization.zitadelOrgId} label="organization id" max={20} />
      ) : (
        '–'
      ),
  },
  {
    key: 'grant',
    title: 'Project grant',
    minor: true,
    render: ({ organization }) => (organization.projectGrant ? '✓ granted' : '✗ none known'),
  },
  {
    key: 'netbird',
    title: 'NetBird groups',
    minor: true,
    render: ({ mapping }) => (mapping ? mapping.netbirdGroups?.join(', ') || '–' : '?'),
  },
  {
    key: 'users',
    title: 'Users',
    number: true,
    render: ({ mapping }) =>
      mapping ? `${formatCount(mapping.users.active)} / ${formatCount(mapping.users.all)}` : '?',
  },
  {
    key: 'changed',
    title: 'Mapped',
    minor: true,
    render: ({ mapping }) => (mapping ? <Time at={mapping.mappedAt} /> : '?'),
  },
  {
    key: 'map',
    title: 'Map',
    render: ({ organization }) => (
      <Link
        to="/site/organizations/$id/map"
        params={{ id: organization.id }}
        aria-label={`${organization.zitadelOrgId ? 'Remap' : 'Map'} ${organization.name}`}
      >
        {organization.zitadelOrgId ? 'Remap' : 'Map'}
      </Link>
    ),
  },
];
