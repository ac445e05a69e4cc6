import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNetbirdEmulator } from '@drawbridge/emulators';
import { DrawbridgeError, writeFileAtomic } from '@drawbridge/kit';
import type { Context } from '../../context.ts';
import { duration } from '../../terminal/index.ts';
import { untilStopped } from './until-stopped.ts';

/** `drawbridge emulate netbird`: the emulated NetBird alone, with the token of its first service user in a file. */
export async function emulateNetbird(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal } = context;
  const { port, issuer, audience, embeddedIdp } = flags as {
    port: number;
    issuer?: string;
    audience?: readonly string[];
    embeddedIdp?: boolean;
  };
  if ((issuer === undefined) !== (audience === undefined)) {
    throw new DrawbridgeError('usage', { message: '--issuer and --audience go together.' });
  }
  const { dataDir } = context.flags;
  const began = performance.now();
  const emulator = createNetbirdEmulator({
    port,
    logger: context.logger('warn'),
    ...(embeddedIdp ? { identity: 'dex' } : {}),
    ...(issuer !== undefined && audience ? { tokens: { issuer, audience } } : {}),
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  await emulator.start();
  const { url, bootstrap } = emulator;
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'drawbridge-netbird-')));
  const tokenFile = join(folder, 'token');
  await writeFileAtomic(tokenFile, `${bootstrap.token.expose()}\n`, { mode: 0o600 });
  const stopped = untilStopped(emulator, dataDir === undefined ? folder : undefined);
  if (terminal.json) {
    terminal.document({ event: 'ready', time: new Date().toISOString(), url, token: tokenFile });
  } else {
    terminal.mark(
      'ok',
      ['netbird', url.padEnd(33), dataDir === undefined ? 'in memory' : 'kept'],
      duration(performance.now() - began),
    );
    terminal.answer(`  token     ${tokenFile}   (admin)`);
    terminal.answer(`  page      ${url}/`);
  }
  await stopped;
}
