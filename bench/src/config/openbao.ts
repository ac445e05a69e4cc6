import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** An emulated OpenBao in a process of its own. */
export interface RunningOpenbao {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** Starts it with so many keys, 10 ms away. */
export async function startOpenbao(keys: number): Promise<RunningOpenbao> {
  const child = fork(fileURLToPath(import.meta.resolve('./openbao-process.ts')), [String(keys)], {
    execArgv: ['--conditions=@drawbridge/source'],
  });
  const [{ url, token }] = (await once(child, 'message')) as [{ url: string; token: string }];
  return {
    url,
    token,
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
