import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNetbirdEmulator, createZitadelEmulator } from '@drawbridge/emulators';
import { DrawbridgeError, onShutdown, writeFileAtomic } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import { duration } from '../terminal/index.ts';

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

/** Resolves once the emulator was told to stop and has; what was only there for this run goes with it. */
function untilStopped(emulator: { stop(): Promise<void> }, folder: string | undefined): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  onShutdown(async () => {
    await emulator.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    stopped.resolve();
  });
  return stopped.promise;
}
