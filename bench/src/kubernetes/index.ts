import type { Measurement } from '../report.ts';
import { measureController } from './controller.ts';
import { measureIdentityApi } from './identity-api.ts';
import { measureMemory } from './memory.ts';
import { measureTokenReview } from './token-review.ts';

/** What the Kubernetes side costs. */
export async function* run(): AsyncGenerator<Measurement> {
  yield* measureTokenReview();
  yield* measureIdentityApi();
  yield* measureController();
  yield* measureMemory();
}
