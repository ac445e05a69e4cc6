import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createZitadelEmulator } from '@drawbridge/emulators';
import { writeFileAtomic } from '@drawbridge/kit';
import type { Context } from '../../context.ts';
import { duration } from '../../terminal/index.ts';
import { untilStopped } from './until-stopped.ts';

/** `drawbridge emulate zitadel`: the emulated Zitadel alone, with the key of its first service account in a file. */
export async function emulateZitadel(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal } = context;
  const {
    port,
    domain,
    upstreamDenyList = false,
  } = flags as {
    port: number;
    domain: string;
    upstreamDenyList?: boolean;
  };
  const { dataDir } = context.flags;
  const began = performance.now();
  const emulator = createZitadelEmulator({
    port,
    domain,
    logger: context.logger('warn'),
    ...(upstreamDenyList ? {} : { outboundDenyList: [] }),
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  await emulator.start();
  const { bootstrap, issuer } = emulator;
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'drawbridge-zitadel-')));
  const serviceAccountKey = join(folder, 'service-account.json');
  await writeFileAtomic(serviceAccountKey, `${JSON.stringify(bootstrap.serviceAccountKey, null, 2)}\n`, {
    mode: 0o600,
  });
  const stopped = untilStopped(emulator, dataDir === undefined ? folder : undefined);
  const { organizationId, admin } = bootstrap;
  if (terminal.json) {
    terminal.document({
      event: 'ready',
      time: new Date().toISOString(),
      issuer,
      serviceAccountKey,
      organizationId,
      loginName: admin.loginName,
    });
  } else {
    terminal.mark(
      'ok',
      ['zitadel', issuer.padEnd(33), dataDir === undefined ? 'in memory' : 'kept'],
      duration(performance.now() - began),
    );
    terminal.answer(`  key       ${serviceAccountKey}   (IAM_OWNER)`);
    terminal.answer(`  sign in   ${admin.loginName}   ${admin.password.expose()}`);
  }
  await stopped;
}
