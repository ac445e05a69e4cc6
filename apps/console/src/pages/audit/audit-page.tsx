import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { auditQuery, type Query, withQuery } from '../../api/index.ts';
import {
  ButtonLink,
  ColumnMenu,
  DataTable,
  Empty,
  FilterInput,
  filterQuery,
  formatClock,
  PageHeader,
  parseFilter,
  plural,
  Refreshing,
  Remote,
  Toolbar,
  useShownColumns,
} from '../../parts/index.ts';
import { MoreRows, NewsBar, NoMatch, useList } from '../shared/index.ts';
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
  const typed = parseFilter(q, filters);
  const filter: Query = { organization, ...filterQuery(typed), ...timesAround(around) };
  const query = useInfiniteQuery(auditQuery(filter));
  const {
    rows,
    news,
    show: showNews,
    total,
  } = useList(query, {
    list: `${organization ?? ''} ${q} ${around ?? ''}`,
    rowKey: ({ sequence }) => sequence,
  });
  const show = (search: { q?: string; around?: string }) =>
    void navigate({
      to: base,
      search: Object.fromEntries(Object.entries(search).filter(([, value]) => value)),
      replace: true,
    });
  const all = auditColumns(slug, (at) => show({ q, around: at }));
  const columns = useShownColumns('audit', all);
  return (
    <>
      <PageHeader
        title="Audit"
        actions={
          <ButtonLink
            outside
            variant="default"
            href={withQuery('/api/audit/export', { ...filter })}
            download="audit.jsonl"
          >
            Export {total === undefined ? 'these records' : plural(total, 'record')}
          </ButtonLink>
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
        <ColumnMenu page="audit" columns={all} />
      </Toolbar>
      <NewsBar news={news} onShow={showNews} />
      <Refreshing on={query.isRefetching} />
      <Remote query={query} what="The audit log">
        {() => {
          if (rows.length === 0) {
            return q === '' ? (
              <Empty {...(slug ? { command: `drawbridge audit --org ${slug}` } : {})}>
                Nothing was recorded yet.
              </Empty>
            ) : (
              <NoMatch what="records" filter={q} onClear={() => show({})} />
            );
          }
          return (
            <DataTable
              label="Audit records"
              columns={columns}
              gone={news.gone}
              rows={rows}
              rowKey={({ sequence }) => sequence}
              foot={
                <MoreRows
                  loaded={rows.length}
                  total={total}
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
function timesAround(at: string | undefined): Query {
  const time = at === undefined ? Number.NaN : Date.parse(at);
  if (Number.isNaN(time)) return {};
  return { from: new Date(time - aroundMs).toISOString(), to: new Date(time + aroundMs).toISOString() };
}
