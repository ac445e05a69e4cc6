import type { IntegrationStrip } from '../../api/index.ts';
import { Empty, formatDuration, StateBadge, Time, useNow } from '../../parts/index.ts';
import css from './overview.module.css';

const staleMs = 60_000;

/** Whether Zitadel and NetBird answer. What was not asked for a minute is unknown, not fine. */
export function HealthStrip({ integrations }: { readonly integrations: readonly IntegrationStrip[] }) {
  const now = useNow();
  if (integrations.length === 0) {
    return (
      <Empty command="drawbridge setup zitadel">
        No integration is set up yet, so that nobody can be provisioned.
      </Empty>
    );
  }
  return (
    <ul className={css.strip}>
      {integrations.map((one) => (
        <li key={one.id}>
          <div className={css.stripHead}>
            <strong>{one.name}</strong>
            <StateBadge state={healthState(one, now)} />
          </div>
          <small className="muted">
            {one.type}
            {one.checkedAt && (
              <>
                , asked <Time at={one.checkedAt} />
              </>
            )}
          </small>
          <dl>
            <dt>Event lag</dt>
            <dd>{typeof one.eventLagMs === 'number' ? formatDuration(one.eventLagMs) : '–'}</dd>
            <dt>Call budget</dt>
            <dd>{typeof one.budgetUsed === 'number' ? `${Math.round(one.budgetUsed * 100)} % used` : '–'}</dd>
            <dt>Key ends</dt>
            <dd>
              <Time at={one.keyExpiresAt} />
            </dd>
          </dl>
          {one.faultSwitch && (
            <a className={css.switch} href={one.faultSwitch} target="_blank" rel="noreferrer">
              Make it fail: the emulator’s switches
            </a>
          )}
          {one.message && (
            <p>
              {one.message} {one.code && <code>{one.code}</code>}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function healthState({ reachable, checkedAt }: IntegrationStrip, now: number): string {
  if (reachable === null || checkedAt === null || now - Date.parse(checkedAt) > staleMs) return 'unknown';
  return reachable ? 'reachable' : 'unreachable';
}
