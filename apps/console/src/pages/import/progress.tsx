import type { Import } from '../../api/index.ts';
import { Card, Facts, formatCount, formatDuration } from '../../parts/index.ts';

/** How far an import is, how fast it goes and how long it will take. */
export function Progress({ found }: { readonly found: Import }) {
  const { outcome, total, plan, ratePerSecond, leftMs, state } = found;
  if (state === 'reading' || state === 'checked' || state === 'refused') return null;
  const settled = outcome.done + outcome.waiting + outcome.attention + outcome.failed;
  const all = Math.max(total - plan.refuse - plan.same, settled);
  return (
    <Card title={`${formatCount(settled)} of ${formatCount(all)}`}>
      <progress value={settled} max={Math.max(all, 1)} style={{ width: '100%' }} aria-label="Rows settled" />
      <Facts
        items={[
          ['Done', formatCount(outcome.done)],
          ['Waiting for first sign-in', formatCount(outcome.waiting)],
          ['Needs attention', formatCount(outcome.attention)],
          ['Failed', formatCount(outcome.failed)],
          ['Rate', ratePerSecond === null ? '–' : `${ratePerSecond.toFixed(1)} a second`],
          ['Time left', leftMs === null ? '–' : formatDuration(leftMs)],
        ]}
      />
      {state === 'running' && <p className="muted">Closing this page changes nothing: the import goes on.</p>}
    </Card>
  );
}
