import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenbaoEmulator } from '@drawbridge/emulators';
import { DrawbridgeError, writeFileAtomic } from '@drawbridge/kit';
import { applyOpenbao, createOpenbao, harmonySetup, planOpenbao } from '@drawbridge/openbao';
import type { Context } from '../../context.ts';
import { duration } from '../../terminal/index.ts';
import { untilStopped } from './until-stopped.ts';

/** `drawbridge emulate openbao`: the emulated OpenBao alone, with its root token in a file. */
export async function emulateOpenbao(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, signal } = context;
  const { port, issuer, audience } = flags as {
    port: number;
    issuer?: string;
    audience?: readonly string[];
  };
  if ((issuer === undefined) !== (audience === undefined)) {
    throw new DrawbridgeError('usage', { message: '--issuer and --audience go together.' });
  }
  const { dataDir } = context.flags;
  const began = performance.now();
  const emulator = createOpenbaoEmulator({
    port,
    logger: context.logger('warn'),
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  await emulator.start();
  const { url, bootstrap } = emulator;
  if (issuer !== undefined && audience) {
    const openbao = createOpenbao({ url, token: bootstrap.rootToken });
    try {
      const wanted = harmonySetup({ issuer, audiences: audience });
      await applyOpenbao(openbao, await planOpenbao(openbao, wanted, { signal }), { signal });
    } catch (error) {
      await emulator.stop();
      throw error;
    } finally {
      await openbao.close();
    }
  }
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'drawbridge-openbao-')));
  const tokenFile = join(folder, 'root-token');
  await writeFileAtomic(tokenFile, `${bootstrap.rootToken.expose()}\n`, { mode: 0o600 });
  const stopped = untilStopped(emulator, dataDir === undefined ? folder : undefined);
  if (terminal.json) {
    terminal.document({ event: 'ready', time: new Date().toISOString(), url, token: tokenFile });
  } else {
    terminal.mark(
      'ok',
      ['openbao', url.padEnd(33), dataDir === undefined ? 'in memory' : 'kept'],
      duration(performance.now() - began),
    );
    terminal.answer(`  token     ${tokenFile}   (root)`);
    terminal.answer(`  page      ${url}/`);
  }
  await stopped;
}
