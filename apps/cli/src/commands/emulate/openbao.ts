import { createOpenbaoEmulator } from '@drawbridge/emulators';
import { applyOpenbao, createOpenbao, harmonySetup, planOpenbao } from '@drawbridge/openbao';
import type { Context } from '../../context.ts';
import { serveWithToken, takenTokens } from './serve-with-token.ts';

/** `drawbridge emulate openbao`: the emulated OpenBao alone, with its root token in a file. */
export async function emulateOpenbao(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { signal } = context;
  const { port } = flags as { port: number };
  const tokens = takenTokens(flags);
  const { dataDir } = context.flags;
  const began = performance.now();
  const emulator = createOpenbaoEmulator({
    port,
    logger: context.logger('warn'),
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  await emulator.start();
  const { url, bootstrap } = emulator;
  if (tokens) {
    const openbao = createOpenbao({ url, token: bootstrap.rootToken });
    try {
      const wanted = harmonySetup({ issuer: tokens.issuer, audiences: tokens.audience });
      await applyOpenbao(openbao, await planOpenbao(openbao, wanted, { signal }), { signal });
    } catch (error) {
      await emulator.stop();
      throw error;
    } finally {
      await openbao.close();
    }
  }
  await serveWithToken(context, {
    name: 'openbao',
    url,
    token: bootstrap.rootToken,
    file: 'root-token',
    role: 'root',
    began,
    stop: () => emulator.stop(),
  });
}
