import * as pages from '../pages/index.ts';
import { preloadDialogs } from '../parts/index.ts';

const afterMs = 1_000;
/** What one goes to from nearly everywhere. The others come when they are pointed at. */
const likely = [
  pages.overview,
  pages.users,
  pages.user,
  pages.runs,
  pages.run,
  pages.sweeps,
  pages.sessions,
  pages.audit,
  pages.imports,
  pages.serviceAccounts,
  pages.organizationSettings,
  pages.me,
];

/** Fetches, once the first page stands and the browser has nothing else to do, what the next ones are made of. @returns what ends it */
export function preloadLater(): () => void {
  let ended = false;
  const fetchAll = async () => {
    preloadDialogs();
    for (const load of likely) {
      await idle();
      if (ended) return;
      // What cannot be fetched now is asked for again when it is needed, and complained about then.
      await load().catch(() => undefined);
    }
  };
  const timer = setTimeout(() => void fetchAll(), afterMs);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

async function idle(): Promise<void> {
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve());
    else setTimeout(resolve, 50);
  });
}
