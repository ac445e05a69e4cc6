import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawbridgeInTerminal } from './support/pseudo-terminal.ts';

let emulator: ZitadelEmulator;
let folder: string;
let env: Readonly<Record<string, string>>;
const sockets = new Set<Socket>();
/** Takes connections and says nothing. */
const silent = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
});

beforeAll(async () => {
  emulator = createZitadelEmulator();
  await emulator.start();
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-doctor-'));
  const key = join(folder, 'key.json');
  await writeFile(key, JSON.stringify(emulator.bootstrap.serviceAccountKey), { mode: 0o600 });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  env = {
    ZITADEL_ISSUER: emulator.issuer,
    ZITADEL_KEY_PATH: key,
    DRAWBRIDGE_DATA_DIR: folder,
    DRAWBRIDGE_DIRECTORY: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
  };
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  silent.close();
  await emulator.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('doctor, where something is silent', () => {
  it('says what it waits for, and finds that and nothing else', async () => {
    const terminal = drawbridgeInTerminal(['doctor'], env);
    await terminal.waitFor(/checking directory/);
    expect(await terminal.ended).toBe(1);
    expect(terminal.text()).toMatch(/✗ directory +127\.0\.0\.1:\d+ did not answer within 5 s/);
    expect(terminal.text()).toContain('1 failed, 0 warnings');
  });

  it('ends with 130 at Ctrl-C, and takes that for no finding', async () => {
    const terminal = drawbridgeInTerminal(['doctor'], env);
    await terminal.waitFor(/checking directory/);
    terminal.press('\u0003');
    expect(await terminal.ended).toBe(130);
    expect(terminal.text()).toContain('error[canceled]');
    expect(terminal.text()).not.toMatch(/✗|failed/);
  });
});
