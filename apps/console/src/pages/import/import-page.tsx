import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { type Import, importQuery, importRowsQuery } from '../../api/index.ts';
import {
  Card,
  DataTable,
  Empty,
  formatCount,
  formatDuration,
  PageHeader,
  plural,
  Remote,
  StateBadge,
  Time,
} from '../../parts/index.ts';
import { Actor, MoreRows } from '../shared/index.ts';
import { ImportActions } from './import-actions.tsx';
import { Progress } from './progress.tsx';
import { rowColumns } from './row-columns.tsx';

const route = getRouteApi('/o/$org/imports/$id');
const plans = { refuse: 'refused', create: 'to create', change: 'to change', same: 'same' } as const;
const planNames = ['refuse', 'create', 'change', 'same'] as const;

/** Did all rows arrive, and what of those that did not? */
export function ImportPage() {
  const { id } = route.useParams();
  const query = useQuery(importQuery(id));
  return (
    <Remote query={query} what="The import">
      {(found) => <Shown found={found} />}
    </Remote>
  );
}

function Shown({ found }: { readonly found: Import }) {
  const { slug } = useOrganization();
  const { plan } = route.useSearch();
  const rows = useInfiniteQuery(importRowsQuery(found.id, plan));
  return (
    <>
      <PageHeader title={found.fileName} actions={<ImportActions found={found} />}>
        <StateBadge state={found.state} explained />
        <span role="status">{sentence(found)}</span>
        <span>
          Uploaded <Time at={found.createdAt} /> by <Actor actor={found.requestedBy} />.
        </span>
      </PageHeader>
      <Progress found={found} />
      <Card
        title="Rows"
        aside={
          <nav aria-label="Which rows" style={{ display: 'flex', gap: 12, flexWrap: 'wrap' }}>
            <Link to="/o/$org/imports/$id" params={{ org: slug, id: found.id }} search={{}} replace>
              all {formatCount(found.total)}
            </Link>
            {planNames.map((name) => (
              <Link
                key={name}
                to="/o/$org/imports/$id"
                params={{ org: slug, id: found.id }}
                search={{ plan: name }}
                replace
              >
                {plans[name]} {formatCount(found.plan[name])}
              </Link>
            ))}
          </nav>
        }
      >
        <Remote query={rows} what="The rows">
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0)
              return (
                <Empty>
                  {plan ? `No row is ${plans[plan as keyof typeof plans] ?? plan}.` : 'The file has no rows.'}
                </Empty>
              );
            return (
              <DataTable
                label="Rows of the file"
                columns={rowColumns(slug)}
                rows={items}
                rowKey={({ row }) => String(row)}
                foot={
                  <MoreRows
                    loaded={items.length}
                    hasMore={rows.hasNextPage}
                    busy={rows.isFetchingNextPage}
                    onMore={() => void rows.fetchNextPage()}
                  />
                }
              />
            );
          }}
        </Remote>
      </Card>
    </>
  );
}

function sentence({ state, total, plan, mails, outcome, leftMs }: Import): string {
  if (state === 'reading') return 'The rows are being checked; nothing is changed.';
  if (state === 'refused') return 'The file cannot be read as it is; nothing was changed.';
  if (state === 'checked') {
    const expected = leftMs === null ? '' : `, about ${formatDuration(leftMs)}`;
    return `${plural(total, 'row')}: ${formatCount(plan.create)} to create, ${formatCount(plan.change)} to change, ${formatCount(plan.same)} same, ${formatCount(plan.refuse)} refused. Would send ${plural(mails, 'mail')}${expected}. Nothing was changed.`;
  }
  const stuck = outcome.attention + outcome.failed;
  return `${formatCount(outcome.done + outcome.waiting)} of ${formatCount(total)} arrived, ${outcome.waiting} of them waiting for first sign-in; ${stuck} stopped.`;
}
