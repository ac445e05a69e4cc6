import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  type Integration,
  type IntegrationHealth,
  integrationHealthQuery,
  integrationsQuery,
} from '../../api/index.ts';
import {
  ButtonLink,
  Card,
  Copyable,
  Empty,
  Facts,
  PageHeader,
  Remote,
  Row,
  StateBadge,
  Time,
} from '../../parts/index.ts';
import { RemoveIntegration } from './remove-integration.tsx';

/** Which Zitadel and NetBird is this joined to, and do they answer? */
export function IntegrationsPage() {
  const query = useQuery(integrationsQuery());
  const add = (variant: 'filled' | 'default') => (
    <ButtonLink variant={variant} href="/site/integrations/new">
      Add integration
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title="Integrations" actions={add('filled')}>
        The Zitadel and NetBird servers that Drawbridge joins. Secrets go in and never come out.
      </PageHeader>
      <Remote query={query} what="The integrations">
        {(items) =>
          items.length === 0 ? (
            <Empty action={add('default')} command="drawbridge setup zitadel">
              Nothing is joined yet.
            </Empty>
          ) : (
            <Cards items={items} />
          )
        }
      </Remote>
    </>
  );
}

function Cards({ items }: { readonly items: readonly Integration[] }) {
  const health = useQueries({ queries: items.map(({ id }) => integrationHealthQuery(id)) });
  return items.map((one, at) => (
    <Card
      key={one.id}
      title={one.name}
      aside={
        <Row>
          <span className="muted">{one.type}</span>
          <Link to="/site/integrations/new" search={{ id: one.id }} aria-label={`Change ${one.name}`}>
            Change
          </Link>
          <RemoveIntegration integration={one} />
        </Row>
      }
    >
      <Facts
        items={[
          ['Answers', <Answers key="answers" health={health[at]?.data} />],
          [
            'Issuer',
            one.issuer ? (
              <Copyable key="issuer" value={one.issuer} label="issuer" max={44} />
            ) : (
              (one.domain ?? '–')
            ),
          ],
          ['Address dialled', one.address ?? 'the issuer’s own'],
          [
            'Project',
            one.projectId ? <Copyable key="project" value={one.projectId} label="project id" /> : '–',
          ],
          ['Client', one.clientId ? <Copyable key="client" value={one.clientId} label="client id" /> : '–'],
          [
            'Secrets',
            one.secretsChangedAt ? (
              <span key="secrets">
                set <Time at={one.secretsChangedAt} />
                {one.secretsChangedBy && ` by ${one.secretsChangedBy}`}
              </span>
            ) : (
              'set, never shown'
            ),
          ],
          ['Version', health[at]?.data?.version ?? '–'],
        ]}
      />
    </Card>
  ));
}

function Answers({ health }: { readonly health: IntegrationHealth | undefined }) {
  if (!health || health.reachable === null) return <StateBadge state="unknown" explained />;
  return (
    <>
      <StateBadge state={health.reachable ? 'reachable' : 'unreachable'} explained />{' '}
      <Time at={health.checkedAt} />
      {health.message && <span> {health.message}</span>}
    </>
  );
}
