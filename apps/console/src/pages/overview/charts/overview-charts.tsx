import { useOrganization } from '../../../access/index.ts';
import type { Charts } from '../../../api/index.ts';
import css from './charts.module.css';
import { DriftChart } from './drift-chart.tsx';
import { EventLagChart } from './event-lag-chart.tsx';
import { ProvisioningChart } from './provisioning-chart.tsx';
import { TimeToDenyChart } from './time-to-deny-chart.tsx';

/** How fast deactivations take effect, how far the places are apart, what was provisioned, how late events come. */
export function OverviewCharts({ charts }: { readonly charts: Charts }) {
  const { slug } = useOrganization();
  return (
    <div className={css.grid}>
      <TimeToDenyChart points={charts.timeToDeny} org={slug} />
      <DriftChart sweeps={charts.drift} org={slug} />
      <ProvisioningChart hours={charts.provisioning} org={slug} />
      <EventLagChart points={charts.eventLag} />
    </div>
  );
}
