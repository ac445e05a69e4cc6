import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawbridge } from './support/command.ts';
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

describe('doctor', () => {
  it('ends by the worst that it found: 0 also with warnings, 1 with --strict', async () => {
    const readable = join(folder, 'readable.json');
    await copyFile(env.ZITADEL_KEY_PATH ?? '', readable);
    const warned = { ...env, DRAWBRIDGE_DIRECTORY: '' };
    const ends = async (keyPath: string, ...flags: string[]) => {
      const { code, stdout } = await drawbridge(['doctor', ...flags], {
        ...warned,
        ZITADEL_KEY_PATH: keyPath,
      });
      return [code, stdout.match(/\d+ failed, \d+ warnings?/)?.[0]];
    };
    await chmod(readable, 0o600);
    expect(await ends(readable, '--strict')).toEqual([0, '0 failed, 0 warnings']);
    await chmod(readable, 0o644);
    expect(await ends(readable)).toEqual([0, '0 failed, 1 warning']);
    expect(await ends(readable, '--strict')).toEqual([1, '0 failed, 1 warning']);
    expect(await ends(join(folder, 'gone.json'))).toEqual([1, '1 failed, 0 warnings']);
  });

  it('where something is silent, says what it waits for, and finds that and nothing else', async () => {
    const terminal = drawbridgeInTerminal(['doctor'], env);
    await terminal.waitFor(/checking directory/);
    expect(await terminal.ended).toBe(1);
    expect(terminal.text()).toMatch(/✗ directory +127\.0\.0\.1:\d+ did not answer within 5 s/);
    expect(terminal.text()).toContain('1 failed, 0 warnings');
  });

  it('looks at all the rest where a file with a token is gone, and says which', async () => {
    const netbird = join(folder, 'netbird-token');
    const dev = {
      issuer: emulator.issuer,
      openbao: 'http://127.0.0.1:9',
      openbaoRootTokenPath: join(folder, 'gone'),
    };
    const devFolder = join(folder, 'dev');
    await mkdir(devFolder);
    await writeFile(join(devFolder, 'dev.json'), JSON.stringify(dev));
    const { code, stdout } = await drawbridge(
      [
        'doctor',
        '--json',
        '--data-dir',
        devFolder,
        '--openbao',
        dev.openbao,
        '--netbird',
        'http://127.0.0.1:9',
        '--netbird-token-file',
        netbird,
      ],
      { ...env, DRAWBRIDGE_DIRECTORY: '' },
    );
    const { checks } = JSON.parse(stdout) as {
      checks: { name: string; state: string; text: string; fix?: string }[];
    };
    expect(code).toBe(1);
    expect(checks.find(({ name }) => name === 'netbird')).toMatchObject({
      text: `${netbird} cannot be read.`,
      fix: expect.stringContaining('put a token of NetBird there'),
    });
    expect(checks.find(({ name }) => name === 'openbao')).toMatchObject({
      state: 'fail',
      text: expect.stringContaining('cannot be reached'),
    });
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
