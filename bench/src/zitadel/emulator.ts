import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bootstrap } from '@drawbridge/emulators';
import { createZitadel, parseServiceAccount, type Zitadel, type ZitadelOptions } from '@drawbridge/zitadel';

export interface RunningEmulator {
  readonly issuer: string;
  readonly organizationId: string;
  /** Key of the account that owns the instance, as JSON. */
  readonly key: string;
  client(options?: Partial<ZitadelOptions>): Zitadel;
  stop(): Promise<void>;
}

/** Starts the emulator in a child process. */
export async function startEmulator(): Promise<RunningEmulator> {
  const child = fork(fileURLToPath(import.meta.resolve('./emulator-process.ts')), {
    execArgv: ['--conditions=@drawbridge/source'],
  });
  const [{ issuer, bootstrap }] = (await once(child, 'message')) as [
    { issuer: string; bootstrap: Bootstrap },
  ];
  const key = JSON.stringify(bootstrap.serviceAccountKey);
  const credentials = parseServiceAccount(key);
  return {
    issuer,
    organizationId: bootstrap.organizationId,
    key,
    client: (options = {}) => createZitadel({ issuer, credentials, ...options }),
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
