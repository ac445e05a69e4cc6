import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

it('npm start takes SIGTERM to the server itself: a shell in between left it running', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-npm-'));
  const npm = spawn('npm', ['start', '--silent', '--', '--json', '--data-dir', folder, '--port-base', '0'], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [line] = (await once(createInterface({ input: npm.stdout }), 'line')) as [string];
    const { directory } = JSON.parse(line) as { directory: string };
    expect((await fetch(`${directory}/livez`)).status).toBe(200);
    // Its stdout is the server's own: it closes when the last process that has it is gone.
    const closed = once(npm, 'close');
    npm.kill('SIGTERM');
    await closed;
    await expect(fetch(`${directory}/livez`)).rejects.toThrow('fetch failed');
  } finally {
    npm.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});
