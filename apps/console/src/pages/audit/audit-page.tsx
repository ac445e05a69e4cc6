import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { type AuditFilter, auditQuery, withQuery } from '../../api/index.ts';
import {
  DataTable,
  Empty,
  FilterInput,
  formatClock,
  PageHeader,
  parseFilter,
  Refreshing,
  Remote,
  Toolbar,
} from '../../parts/index.ts';
import { MoreRows } from '../shared/index.ts';
import { auditColumns } from './audit-columns.tsx';
import { Verification } from './verification.tsx';

const organizationRoute = getRouteApi('/o/$org/audit');
const siteRoute = getRouteApi('/site/audit');
const filters = { actor: [], action: [], object: [], request: [], from: [], to: [] } as const;
const aroundMs = 5 * 60_000;

/** Who did what in an organization, when and why? */
export function OrganizationAuditPage() {
  const { id, slug, name } = useOrganization();
  const { q = '', around } = organizationRoute.useSearch();
  return <Audit base={`/o/${slug}/audit`} organization={id} slug={slug} about={name} q={q} around={around} />;
}

/** Who did what anywhere? */
export function SiteAuditPage() {
  const { q = '', around } = siteRoute.useSearch();
  return (
    <Audit
      base="/site/audit"
      organization={undefined}
      slug={undefined}
      about="all organizations"
      q={q}
      around={around}
    />
  );
}

interface AuditProps {
  readonly base: string;
  readonly organization: string | undefined;
  readonly slug: string | undefined;
  readonly about: string;
  readonly q: string;
  readonly around: string | undefined;
}

function Audit({ base, organization, slug, about, q, around }: AuditProps) {
  const navigate = useNavigate();
  const { named } = parseFilter(q, Object.keys(filters));
  const filter: AuditFilter = { organization, ...named, ...timesAround(around) };
  const query = useInfiniteQuery(auditQuery(filter));
  const show = (search: { q?: string; around?: string }) =>
    void navigate({
      to: base,
      search: Object.fromEntries(Object.entries(search).filter(([, value]) => value)),
      replace: true,
    });
  return (
    <>
      <PageHeader
        title="Audit"
        actions={
          <Button
            component="a"
            variant="default"
            href={withQuery('/api/audit/export', { ...filter })}
            download="audit.jsonl"
          >
            Export these records
          </Button>
        }
      >
        Who did what in {about}, when and why. <Verification organization={organization} />
      </PageHeader>
      <Toolbar>
        <FilterInput
          label="Filter audit"
          value={q}
          options={filters}
          onChange={(value) => show({ q: value })}
        />
        {around && (
          <>
            <span>± 5 min around {formatClock(Date.parse(around))}.</span>
            <Link to={base as string} search={q ? { q } : {}}>
              Show all
            </Link>
          </>
        )}
      </Toolbar>
      <Refreshing on={query.isRefetching} />
      <Remote query={query} what="The audit log">
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0) {
            return (
              <Empty
                action={
                  q !== '' && (
                    <Button variant="default" onClick={() => show({})}>
                      Clear filter
                    </Button>
                  )
                }
                {...(slug && q === '' ? { command: `drawbridge audit --org ${slug}` } : {})}
              >
                {q === '' ? 'Nothing was recorded yet.' : `No records match ${q}.`}
              </Empty>
            );
          }
          return (
            <DataTable
              label="Audit records"
              columns={auditColumns(slug, (at) => show({ q, around: at }))}
              rows={rows}
              rowKey={({ sequence }) => sequence}
              foot={
                <MoreRows
                  loaded={rows.length}
                  hasMore={query.hasNextPage}
                  busy={query.isFetchingNextPage}
                  onMore={() => void query.fetchNextPage()}
                />
              }
            />
          );
        }}
      </Remote>
    </>
  );
}

/** Five minutes before and after a time. */
function timesAround(at: string | undefined): Pick<AuditFilter, 'from' | 'to'> {
  const time = at === undefined ? Number.NaN : Date.parse(at);
  if (Number.isNaN(time)) return {};
  return { from: new Date(time - aroundMs).toISOString(), to: new Date(time + aroundMs).toISOString() };
}
