import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Organization, type Run, runQuery } from '../../api/index.ts';
import { Row, StateBadge } from '../../parts/index.ts';
import { RunSteps, runSentence } from '../shared/index.ts';

/** The mapping as it happens. */
export function MappingRun({
  first,
  organization,
}: {
  readonly first: Run;
  readonly organization: Organization;
}) {
  const { data: run } = useQuery({ ...runQuery(first.id), initialData: first });
  return (
    <div className="stack">
      <Row>
        <StateBadge state={run.state} explained />
        <span role="status">{runSentence(run)}</span>
      </Row>
      <RunSteps run={run} />
      <Row>
        <Link to="/o/$org/runs/$id" params={{ org: organization.slug, id: run.id }}>
          Open run
        </Link>
        <Link to="/o/$org" params={{ org: organization.slug }}>
          Open {organization.name}
        </Link>
      </Row>
    </div>
  );
}
