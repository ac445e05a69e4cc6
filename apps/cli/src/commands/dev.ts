import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, lockFolder, onShutdown, runParts } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import { type DevPart, devParts, fileLog } from '../dev/index.ts';
import { type DevFile, devFolder, writeDevFile } from '../dev-file.ts';
import { duration, startWait } from '../terminal/index.ts';

/** `drawbridge dev`: everything on this machine, until it is stopped. */
export async function dev(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { terminal } = context;
  const { portBase, ephemeral = false } = flags as { portBase: number; ephemeral?: boolean };
  const began = performance.now();
  const folder = ephemeral
    ? await mkdtemp(join(tmpdir(), 'drawbridge-'))
    : devFolder(context.env, context.flags.dataDir);
  const lock = await lockFolder(folder);
  const log = fileLog(join(folder, 'dev.log'));
  const logger = context.flags.debug ? context.logger('debug') : createLogger({ destination: log.stream });
  const stopStarting = new AbortController();
  const made = devParts({ folder, ephemeral, portBase, logger });
  let stopAll = async () => stopStarting.abort();
  const stopped = Promise.withResolvers<void>();
  const forget = onShutdown(
    async () => {
      terminal.note('stopping');
      await stopAll();
      stopped.resolve();
    },
    { drainMs: 12_000, logger },
  );
  try {
    const running = await runParts(
      made.parts.map((part) => announced(context, part)),
      { logger, signal: stopStarting.signal },
    );
    stopAll = async () => {
      await running.stop();
      await lock.release();
      await log.close();
      if (ephemeral) await rm(folder, { recursive: true, force: true });
    };
    const seeded = made.seeded();
    const openbao = made.openbao();
    const netbird = made.netbird();
    const content: DevFile = {
      issuer: made.zitadel.issuer,
      directory: made.directory().url,
      serviceAccountKey: seeded.serviceAccountKey,
      organizationId: seeded.organizationId,
      projectId: seeded.projectId,
      openbao: openbao.url,
      openbaoRootTokenPath: openbao.rootTokenPath,
      netbird: netbird.url,
      netbirdTokenPath: netbird.tokenPath,
      deviceClientId: seeded.deviceClientId,
      apiserver: made.identityApi().url,
      kubeconfig: made.identityApi().kubeconfig,
      demo: seeded.demo,
    };
    const path = await writeDevFile(folder, content);
    if (terminal.json) terminal.document({ event: 'ready', time: new Date().toISOString(), ...content });
    else announce(context, performance.now() - began, path, content);
    await stopped.promise;
  } catch (error) {
    forget();
    await lock.release();
    await log.close();
    if (ephemeral) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The part, with a line when it is ready. */
function announced({ terminal }: Context, part: DevPart): DevPart {
  return {
    ...part,
    async start(signal) {
      const began = performance.now();
      const wait = startWait(terminal, `starting ${part.name}`);
      try {
        await part.start(signal);
      } finally {
        wait.end();
      }
      terminal.mark(
        'ok',
        [part.name, part.url().padEnd(33), part.remark],
        duration(performance.now() - began),
      );
    },
  };
}

function announce(
  { terminal }: Context,
  ms: number,
  path: string,
  { directory, demo, kubeconfig }: DevFile,
): void {
  terminal.answer(`Ready in ${duration(ms)}.   Console  ${directory}   Stop  Ctrl-C`);
  terminal.answer(`  sign in   ${demo.loginName}   password in ${path}`);
  terminal.answer('  try       drawbridge users create ada@demo.localhost --org demo');
  terminal.answer('            drawbridge login, then drawbridge config set greeting hello');
  terminal.answer(`            kubectl --kubeconfig ${kubeconfig} get sessions`);
}
