import { Devices } from '../shared/index.ts';

/** One's own peers in NetBird, with the way to one more. */
export function OwnDevices() {
  return (
    <>
      <Devices />
      <p className="muted">A device you do not know? Tell an administrator: they can block it at once.</p>
    </>
  );
}
