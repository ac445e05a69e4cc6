import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useOrganization } from '../../access/index.ts';
import { type Overview, overviewQuery } from '../../api/index.ts';
import {
  Card,
  type Column,
  capital,
  DataTable,
  Empty,
  formatClock,
  Go,
  Later,
  Loading,
  PageHeader,
  path,
  plural,
  Remote,
  StateBadge,
  Time,
} from '../../parts/index.ts';
import { Actor, runTitle } from '../shared/index.ts';
import { AttentionList } from './attention-list.tsx';
import { HealthStrip } from './health-strip.tsx';

// Drawn after what waits for a person.
const Charts = lazy(async () => ({ default: (await import('./charts/index.ts')).OverviewCharts }));

/** Is anything wrong, and who waits for me? */
export function OverviewPage() {
  const organization = useOrganization();
  const query = useQuery(overviewQuery(organization.id));
  return (
    <>
      <PageHeader title="Overview">{query.data ? headline(query.data) : organization.name}</PageHeader>
      <Remote query={query} what="The overview" rows={10}>
        {(overview) => (
          <>
            {overview.attention.length > 0 && (
              <Card title={`Waiting for a person: ${overview.attention.length}`}>
                <AttentionList items={overview.attention} />
              </Card>
            )}
            <Card title="Health" aside={<SyncSentence sync={overview.sync} />}>
              <HealthStrip integrations={overview.integrations} />
            </Card>
            <Later>
              <Below overview={overview} />
            </Later>
          </>
        )}
      </Remote>
    </>
  );
}

/** What nobody waits for: drawn once the rest is seen. */
function Below({ overview }: { readonly overview: Overview }) {
  const { slug } = useOrganization();
  return (
    <>
      <Suspense fallback={<Loading rows={8} />}>
        <Charts charts={overview.charts} />
      </Suspense>
      <Card
        title="Last runs"
        aside={
          <Link to="/o/$org/runs" params={{ org: slug }}>
            All runs
          </Link>
        }
      >
        {overview.lastRuns.length === 0 ? (
          <Empty command={`drawbridge users create MAIL --org ${slug}`}>
            Nothing has run here yet. Creating a user starts the first run.
          </Empty>
        ) : (
          <DataTable
            label="Last runs"
            columns={columns(slug)}
            rows={overview.lastRuns}
            rowKey={({ id }) => id}
          />
        )}
      </Card>
    </>
  );
}

function headline({ attention, integrations, sync }: Overview): string {
  const down = integrations.filter(({ reachable }) => reachable === false).map(({ name }) => name);
  const waiting = attention.length > 0 ? `${plural(attention.length, 'thing')} waiting for a person.` : '';
  if (down.length > 0) return `${capital(down.join(' and '))} cannot be reached. ${waiting}`;
  if (waiting !== '') return waiting;
  const last = sync.lastAt ? `Last sweep ${formatClock(Date.parse(sync.lastAt))}` : 'No sweep yet';
  const next = sync.nextAt ? `, next ${formatClock(Date.parse(sync.nextAt))}` : '';
  return `All quiet. ${last}${next}.`;
}

function SyncSentence({ sync }: { readonly sync: Overview['sync'] }) {
  return (
    <span className="muted">
      Last sweep <Time at={sync.lastAt} />
      {sync.state && sync.state !== 'done' && (
        <>
          {' '}
          <StateBadge state={sync.state} />
        </>
      )}
      {sync.nextAt && (
        <>
          , next <Time at={sync.nextAt} />
        </>
      )}
    </span>
  );
}

function columns(org: string): readonly Column<Overview['lastRuns'][number]>[] {
  return [
    {
      key: 'title',
      title: 'Run',
      render: (run) => <Go href={path`/o/${org}/runs/${run.id}`}>{runTitle(run)}</Go>,
    },
    { key: 'state', title: 'State', render: ({ state }) => <StateBadge state={state} /> },
    { key: 'by', title: 'By', minor: true, render: ({ requestedBy }) => <Actor actor={requestedBy} /> },
    { key: 'at', title: 'Changed', render: ({ updatedAt }) => <Time at={updatedAt} /> },
  ];
}
