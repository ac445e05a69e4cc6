import type { Measurement } from '../report.ts';
import { measureLatency } from './latency.ts';
import { measureProvisioning } from './provisioning.ts';
import { measureReads } from './reads.ts';
import { measureSweep } from './sweep.ts';

/** What the directory costs. */
export async function* run(): AsyncGenerator<Measurement> {
  yield* measureProvisioning();
  yield* measureReads();
  yield* measureLatency();
  yield* measureSweep();
}
