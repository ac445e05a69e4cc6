import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bootstrap, ControlSettings, ZitadelEmulatorOptions } from '@drawbridge/emulators';
import { createZitadel, parseServiceAccount, type Zitadel, type ZitadelOptions } from '@drawbridge/zitadel';

export interface RunningEmulator {
  readonly issuer: string;
  readonly organizationId: string;
  /** Key of the account that owns the instance, as JSON. */
  readonly key: string;
  client(options?: Partial<ZitadelOptions>): Zitadel;
  /** Turns its knobs, such as the latency of its answers. */
  control(settings: ControlSettings): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the emulator in a child process. */
export async function startEmulator(
  options: Pick<ZitadelEmulatorOptions, 'outboundDenyList'> = {},
): Promise<RunningEmulator> {
  const program = fileURLToPath(import.meta.resolve('./emulator-process.ts'));
  const child = fork(program, [JSON.stringify(options)], {
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
    client: (settings = {}) => createZitadel({ issuer, credentials, ...settings }),
    control: async (knobs) => {
      const answer = await fetch(`${issuer}/emulator/controls`, {
        method: 'POST',
        body: JSON.stringify(knobs),
      });
      if (!answer.ok) throw new Error(`the emulator answered ${answer.status}: ${await answer.text()}`);
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
