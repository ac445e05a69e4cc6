import { useLiveState } from '../api/index.ts';
import { formatClock } from '../parts/index.ts';

/** Whether the page is fresh by itself. */
export function LiveDot() {
  const { status, since } = useLiveState();
  if (status === 'connecting') return null;
  const text = status === 'live' ? 'Live' : `Updates paused at ${formatClock(since ?? Date.now())}, retrying`;
  return (
    <span className="live" data-status={status} role="status">
      <i aria-hidden="true" />
      <span className={status === 'live' ? 'wide-only' : undefined}>{text}</span>
    </span>
  );
}
