import { createHttpClient } from '@drawbridge/kit';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';
import { startEmulator } from './emulator.ts';

const callers = 1_000;

/** How many calls the token endpoint sees when many start at once. */
export async function* measureToken(): AsyncGenerator<Measurement> {
  const emulator = await startEmulator();
  let calls = 0;
  const http = createHttpClient({ onCall: () => calls++ });
  const zitadel = emulator.client({ http });
  const began = performance.now();
  await Promise.all(Array.from({ length: callers }, () => zitadel.token.get()));
  const ms = performance.now() - began;
  yield {
    name: `token calls for ${round(callers)} concurrent callers`,
    value: String(calls),
    budget: { text: '1', kept: calls === 1 },
  };
  yield { name: 'all of them served in', value: `${round(ms)} ms` };
  await zitadel.close();
  await http.close();
  await emulator.stop();
}
