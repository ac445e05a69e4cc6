import { rm } from 'node:fs/promises';
import { onShutdown } from '@drawbridge/kit';

/** Resolves once the emulator was told to stop and has; what was only there for this run goes with it. */
export function untilStopped(emulator: { stop(): Promise<void> }, folder: string | undefined): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  onShutdown(async () => {
    await emulator.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    stopped.resolve();
  });
  return stopped.promise;
}
