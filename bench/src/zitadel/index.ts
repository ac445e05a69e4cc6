import type { Measurement } from '../report.ts';
import { measureGarbage } from './garbage.ts';
import { measureList } from './list.ts';
import { measureToken } from './token.ts';
import { measureVerification } from './verification.ts';

/** What the Zitadel client costs. */
export async function* run(): AsyncGenerator<Measurement> {
  yield* measureToken();
  yield* measureVerification();
  yield* measureGarbage();
  yield* measureList();
}
