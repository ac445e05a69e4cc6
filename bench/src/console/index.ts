import { availableParallelism, loadavg } from 'node:os';
import { type Measurement, round } from '../report.ts';
import { measureChanges } from './changes.ts';
import { chromiumPath, startConsole } from './console.ts';
import { measureLive } from './live.ts';
import { measureLoad } from './load.ts';
import { measureRows } from './rows.ts';

/** What the console feels like in Chromium with the processor slowed down four times, as a phone or an old notebook is. */
export async function* run(): AsyncGenerator<Measurement> {
  if (chromiumPath === undefined) {
    yield { name: 'console', value: 'no Chromium' };
    return;
  }
  const console = await startConsole(chromiumPath);
  try {
    yield* measureLoad(console);
    yield* measureChanges(console);
    yield* measureRows(console);
    yield* measureLive(console);
    // What else runs is in every figure above.
    yield {
      name: `load of this machine, ${availableParallelism()} processors`,
      value: round(loadavg()[0] ?? 0, 1),
    };
  } finally {
    await console.stop();
  }
}
