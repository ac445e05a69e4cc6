import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useOrganization } from '../../access/index.ts';
import { type Run, runQuery, userQuery } from '../../api/index.ts';
import {
  Card,
  Copyable,
  Facts,
  PageHeader,
  Remote,
  StateBadge,
  Time,
  useNeighbours,
} from '../../parts/index.ts';
import { Actor, RunSteps, runSentence, runTitle } from '../shared/index.ts';
import { Choices, isStopped } from './choices.tsx';
import { Stop } from './stop.tsx';

const route = getRouteApi('/o/$org/runs/$id');

/** How far did it get, why did it stop, what can be done? */
export function RunPage() {
  const { org, id } = route.useParams();
  const navigate = useNavigate();
  useNeighbours('run', id, (next) => void navigate({ to: '/o/$org/runs/$id', params: { org, id: next } }));
  const query = useQuery(runQuery(id));
  return (
    <Remote query={query} what="The run" rows={8}>
      {(run) => <Shown run={run} />}
    </Remote>
  );
}

function Shown({ run }: { readonly run: Run }) {
  const { step } = route.useSearch();
  return (
    <>
      <PageHeader title={runTitle(run)}>
        <StateBadge state={run.state} explained />
        <span>
          {run.userId !== null && <Subject run={run} />} by <Actor actor={run.requestedBy} />,{' '}
          <Time at={run.createdAt} />.
        </span>
        <span role="status">{runSentence(run)}</span>
        <Decided run={run} />
      </PageHeader>
      {run.reason && !isStopped(run) && (
        <div className="band" role="note">
          <span>
            {run.reason} {run.code && <code>{run.code}</code>}
          </span>
        </div>
      )}
      <Card title="Steps">
        <RunSteps run={run} open={step} {...(isStopped(run) ? { decision: <Stop run={run} /> } : {})} />
      </Card>
      {!isStopped(run) && run.choices.length > 0 && (
        <Card title="What can be done">
          <Choices run={run} />
        </Card>
      )}
      <Card title="About this run">
        <Facts
          items={[
            ['Run', <Copyable key="id" value={run.id} label="run id" max={40} />],
            ['User', <Subject key="user" run={run} />],
            ['Requested', <Time key="at" at={run.createdAt} />],
            ['Last change', <Time key="changed" at={run.updatedAt} />],
            ['Finished', <Time key="finished" at={run.finishedAt} />],
            ['Decided', run.decision ? <Decided key="decided" run={run} /> : '–'],
          ]}
        />
      </Card>
    </>
  );
}

const decisions = { resume: 'Resumed', compensate: 'Undone', abandon: 'Abandoned' } as const;

/** Who decided last about a run that had stopped, and why. */
function Decided({ run: { decision } }: { readonly run: Run }) {
  if (!decision) return null;
  return (
    <span>
      {decisions[decision.decision]} by <Actor actor={decision.by} />, <Time at={decision.at} />
      {decision.reason && `, because: ${decision.reason}`}.
    </span>
  );
}

/** Whom the run is about, by name as soon as that is known. */
function Subject({ run }: { readonly run: Run }) {
  const { slug } = useOrganization();
  const user = useQuery({ ...userQuery(run.userId ?? ''), enabled: run.userId !== null });
  if (run.userId === null) return <span>–</span>;
  return (
    <Link to="/o/$org/users/$id/$tab" params={{ org: slug, id: run.userId, tab: 'summary' }}>
      {user.data?.email ?? run.userId}
    </Link>
  );
}
