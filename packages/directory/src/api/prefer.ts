import { type Clock, DrawbridgeError } from '@drawbridge/kit';
import type { Database, RunState } from '../database/index.ts';
import { loadRun, type Run, type StepRow } from '../saga/index.ts';

const longestSeconds = 30;
const lookMs = 50;
const unsettled: ReadonlySet<RunState> = new Set(['queued', 'running', 'compensating']);

/**
 * Seconds that a `Prefer: wait=N` asks for, at most 30; nothing when it does not.
 *
 * @see RFC 7240 section 4.3
 */
export function preferredWait(header: string | undefined): number | undefined {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?:$|[,;\s])/i.exec(header ?? '')?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), longestSeconds);
}

/** Reads a run, waiting up to `seconds` for it to be over or to need a person. Steps that wait for Zitadel are not waited for. */
export async function settledRun(
  database: Database,
  clock: Clock,
  id: string,
  seconds: number,
  signal: AbortSignal,
): Promise<{ readonly run: Run; readonly steps: StepRow[] }> {
  const until = clock.now() + seconds * 1_000;
  for (;;) {
    const loaded = await loadRun(database, id);
    if (!loaded) throw new DrawbridgeError('not_found', { message: 'The run of this request is gone.' });
    if (!unsettled.has(loaded.run.state) || clock.now() >= until || signal.aborted) return loaded;
    await clock.sleep(lookMs, undefined, { background: true });
  }
}
