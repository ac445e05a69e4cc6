import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMe, useOrganization } from '../../access/index.ts';
import { type Sweep, sweepItemsQuery, sweepQuery } from '../../api/index.ts';
import {
  Card,
  DataTable,
  Empty,
  Facts,
  formatCount,
  formatDuration,
  PageHeader,
  plural,
  Remote,
  StateBadge,
  Time,
  useSelection,
} from '../../parts/index.ts';
import { Actor, MoreRows } from '../shared/index.ts';
import { Decision } from './decision.tsx';
import { itemColumns } from './item-columns.tsx';
import { Shares } from './shares.tsx';

const organizationRoute = getRouteApi('/o/$org/sweeps/$id');
const siteRoute = getRouteApi('/site/sweeps/$id');

/** Who or what set a sweep in motion, where it was no person. */
const causes: Readonly<Record<string, string>> = {
  timer: 'timer',
  start: 'start of the server',
  event: 'event that told of it',
};

/** An organization's part of a sweep: to be read; a site administrator decides. */
export function OrganizationSweepPage() {
  const { id } = organizationRoute.useParams();
  const { id: organization } = useOrganization();
  return <SweepPage id={id} organization={organization} />;
}

/** A whole sweep, with the decision about what it was not allowed to do by itself. */
export function SiteSweepPage() {
  const { id } = siteRoute.useParams();
  return <SweepPage id={id} organization={undefined} />;
}

/** What did it change, and is anything held? */
function SweepPage({ id, organization }: { readonly id: string; readonly organization: string | undefined }) {
  const query = useQuery(sweepQuery(id, organization));
  return (
    <Remote query={query} what="The sweep">
      {(sweep) => <Shown sweep={sweep} organization={organization} />}
    </Remote>
  );
}

function Shown({
  sweep,
  organization,
}: {
  readonly sweep: Sweep;
  readonly organization: string | undefined;
}) {
  const me = useMe();
  const items = useInfiniteQuery(sweepItemsQuery(sweep.id, organization));
  const selection = useSelection(`sweep ${sweep.id}`);
  const held = sweep.state === 'braked';
  return (
    <>
      <PageHeader title={`Sweep ${sweep.id.slice(-6)}`}>
        <StateBadge state={sweep.state} explained />
        <span role="status">{sentence(sweep)}</span>
        <span>
          Started <Time at={sweep.startedAt} /> by{' '}
          {sweep.cause === 'person' ? <Actor actor={sweep.requestedBy} /> : `the ${causes[sweep.cause]}`}.
          {sweep.decidedBy && (
            <>
              {' '}
              Decided by <Actor actor={sweep.decidedBy} />
              {sweep.decisionReason && `, because: ${sweep.decisionReason}`}.
            </>
          )}
        </span>
      </PageHeader>
      {held && (
        <Card title="What it would do">
          <Shares sweep={sweep} />
          {me.siteAdministrator ? (
            <Decision sweep={sweep} chosen={[...selection.keys]} />
          ) : (
            <p>A site administrator decides; nobody is deactivated until then.</p>
          )}
        </Card>
      )}
      <Card title="Users">
        <Remote query={items} what="The users of this sweep">
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.items);
            if (rows.length === 0) return <Empty>Nothing differed: nobody was touched.</Empty>;
            return (
              <DataTable
                label="Users of this sweep"
                columns={itemColumns(organization, sweep.organizations)}
                rows={rows}
                rowKey={({ userId }) => userId}
                {...(held && me.siteAdministrator ? { selection } : {})}
                foot={
                  <MoreRows
                    loaded={rows.length}
                    hasMore={items.hasNextPage}
                    busy={items.isFetchingNextPage}
                    onMore={() => void items.fetchNextPage()}
                  />
                }
              />
            );
          }}
        </Remote>
      </Card>
      <Card title="About this sweep">
        <Facts
          items={[
            ['Started', <Time key="started" at={sweep.startedAt} />],
            ['By', sweep.cause === 'person' ? <Actor key="by" actor={sweep.requestedBy} /> : sweep.cause],
            ['Canary', sweep.canary ?? '–'],
            ['Users read', formatCount(sweep.usersRead)],
            ['Activated', formatCount(sweep.activated)],
            ['Deactivated', formatCount(sweep.deactivated)],
            ['Corrected', formatCount(sweep.corrected)],
            ['Skipped', formatCount(sweep.skipped)],
            [
              'Took',
              sweep.finishedAt
                ? formatDuration(Date.parse(sweep.finishedAt) - Date.parse(sweep.startedAt))
                : '–',
            ],
            ['Decided', sweep.decidedBy ? <Actor key="decided" actor={sweep.decidedBy} /> : '–'],
            ['Reason given', sweep.decisionReason ?? '–'],
          ]}
        />
      </Card>
    </>
  );
}

function sentence(sweep: Sweep): string {
  switch (sweep.state) {
    case 'running':
      return `${plural(sweep.usersRead, 'user')} read so far.`;
    case 'braked':
      return `Would deactivate ${sweep.held} of ${sweep.usersRead}, limit ${sweep.brakeLimit ?? '?'}. Nobody was deactivated.`;
    case 'failed':
      return sweep.reason ?? 'It ended early; nothing further was changed.';
    default:
      return `${plural(sweep.usersRead, 'user')} read, ${sweep.activated} activated, ${sweep.deactivated} deactivated, ${sweep.corrected} corrected.`;
  }
}
