import type { Measurement } from '../report.ts';
import { measureCommand } from './command.ts';
import { measureKeys } from './keys.ts';
import { startOpenbao } from './openbao.ts';
import { measurePrograms } from './programs.ts';

/** What reading configuration costs. */
export async function* run(): AsyncGenerator<Measurement> {
  const keys = 1_000;
  const openbao = await startOpenbao(keys);
  try {
    yield* measurePrograms(openbao);
    yield* measureCommand(openbao);
    yield* measureKeys(openbao, keys);
  } finally {
    await openbao.stop();
  }
}
