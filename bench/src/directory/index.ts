import type { Measurement } from '../report.ts';
import { measureSweep } from './sweep.ts';

/** What the directory costs. */
export async function* run(): AsyncGenerator<Measurement> {
  yield* measureSweep();
}
