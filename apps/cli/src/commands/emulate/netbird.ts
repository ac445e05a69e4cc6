import { createNetbirdEmulator } from '@drawbridge/emulators';
import type { Context } from '../../context.ts';
import { serveWithToken, takenTokens } from './serve-with-token.ts';

/** `drawbridge emulate netbird`: the emulated NetBird alone, with the token of its first service user in a file. */
export async function emulateNetbird(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { port, embeddedIdp } = flags as { port: number; embeddedIdp?: boolean };
  const tokens = takenTokens(flags);
  const { dataDir } = context.flags;
  const began = performance.now();
  const emulator = createNetbirdEmulator({
    port,
    logger: context.logger('warn'),
    ...(embeddedIdp ? { identity: 'dex' } : {}),
    ...(tokens ? { tokens } : {}),
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  await emulator.start();
  await serveWithToken(context, {
    name: 'netbird',
    url: emulator.url,
    token: emulator.bootstrap.token,
    file: 'token',
    role: 'admin',
    began,
    stop: () => emulator.stop(),
  });
}
