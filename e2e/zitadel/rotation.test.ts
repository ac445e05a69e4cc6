import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, createMetrics, systemClock } from '@drawbridge/kit';
import {
  createKeyRotation,
  createZitadel,
  type KeyRotationOptions,
  parseServiceAccount,
  type RotationPause,
  serviceAccountFile,
} from '@drawbridge/zitadel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Started, start } from './support/start.ts';

const day = 86_400_000;
let started: Started;
let folder: string;
let file: string;
beforeEach(async () => {
  started = await start();
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-rotation-'));
  file = join(folder, 'key.json');
  await writeFile(file, JSON.stringify(started.emulator.bootstrap.serviceAccountKey), { mode: 0o600 });
});
afterEach(async () => {
  await started.stop();
  await rm(folder, { recursive: true, force: true });
});

const at = (offsetMs: number): Clock => ({ ...systemClock, now: () => Date.now() + offsetMs });
/** A rotation that is due at once; the bootstrap key has no end. */
const due = { maxAgeMs: 1, lifeMs: 90 * day, overlapMs: day, warnMs: 0 } as const;
const notDue = { ...due, maxAgeMs: 30 * day };

function rotation(options: Partial<KeyRotationOptions>) {
  return createKeyRotation({ zitadel: started.zitadel, file, ...options });
}

async function keyInFile(): Promise<string> {
  return parseServiceAccount(await readFile(file, 'utf8')).keyId;
}

async function keysAtZitadel(): Promise<readonly string[]> {
  const { userId } = started.emulator.bootstrap.serviceAccountKey;
  return (await started.zitadel.users.listKeys({ userId }).all()).map(({ id }) => id).sort();
}

/** Shows that a program which starts now can sign in with the file. */
async function fileWorks(): Promise<void> {
  const zitadel = createZitadel({
    issuer: started.emulator.issuer,
    credentials: serviceAccountFile(file),
    random: () => 0,
  });
  try {
    await zitadel.users.get(started.emulator.bootstrap.serviceAccountKey.userId);
  } finally {
    await zitadel.close();
  }
}

describe('the rotation of our own key', () => {
  it('leaves a young key alone, and tells its age', async () => {
    const metrics = await createMetrics({ process: false });
    const { keyId } = started.emulator.bootstrap.serviceAccountKey;
    expect(await rotation({ ...notDue, metrics }).check()).toEqual({ keyId, rotated: false, removed: [] });
    expect(await metrics.text()).toMatch(/drawbridge_key_age_days\{instance="[^"]+"\} \d/);
    expect(await keyInFile()).toBe(keyId);
  });

  it('replaces an old one, keeps both for the overlap, and then removes the former', async () => {
    const { keyId: former } = started.emulator.bootstrap.serviceAccountKey;
    const outcome = await rotation(due).check();
    expect(outcome).toMatchObject({ rotated: true, removed: [] });
    const next = await keyInFile();
    expect(next).toBe(outcome?.keyId);
    expect(next).not.toBe(former);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await keysAtZitadel()).toEqual([former, next].sort());
    await fileWorks();
    expect(await rotation(notDue).check()).toMatchObject({ rotated: false, removed: [] });
    expect(await rotation({ ...notDue, clock: at(2 * day) }).check()).toMatchObject({ removed: [former] });
    expect(await keysAtZitadel()).toEqual([next]);
    await fileWorks();
  });

  it('replaces one that ends soon, however young', async () => {
    await rotation({ ...due, maxAgeMs: 1, lifeMs: 3 * day }).check();
    const short = await keyInFile();
    expect(await rotation({ ...notDue, warnMs: 4 * day }).check()).toMatchObject({ rotated: true });
    expect(await keyInFile()).not.toBe(short);
  });

  it('is done by one process at a time', async () => {
    const outcomes = await Promise.all([rotation(due).check(), rotation(due).check()]);
    expect(outcomes.filter((outcome) => outcome?.rotated)).toHaveLength(1);
    expect(outcomes).toContain(undefined);
  });

  it.each<RotationPause>(['asked', 'added', 'proved', 'retiring', 'swapped'])(
    'killed when %s: the file works, and the next look leaves nothing behind',
    async (point) => {
      const { keyId: former } = started.emulator.bootstrap.serviceAccountKey;
      const pause = async (reached: RotationPause) => {
        if (reached === point) throw new Error('killed');
      };
      await expect(rotation({ ...due, pause }).check()).rejects.toThrow('killed');
      await fileWorks();
      const swapped = point === 'swapped';
      expect((await keyInFile()) === former).toBe(!swapped);
      await rotation(notDue).check();
      await fileWorks();
      await rotation({ ...notDue, clock: at(2 * day) }).check();
      await fileWorks();
      expect(await keysAtZitadel()).toEqual([await keyInFile()]);
      expect(JSON.parse(await readFile(`${file}.rotation.json`, 'utf8'))).toMatchObject({
        asked: [],
        retiring: [],
      });
    },
  );

  it('a new key that does not work never comes into the file', async () => {
    const { keyId: former } = started.emulator.bootstrap.serviceAccountKey;
    const pause = async (point: RotationPause) => {
      if (point === 'added') started.emulator.controls.fail({ match: '/oauth/v2/token', status: 400 });
    };
    await expect(rotation({ ...due, pause }).check()).rejects.toMatchObject({ name: 'ZitadelError' });
    started.emulator.controls.clearFaults();
    expect(await keyInFile()).toBe(former);
    const { removed } = (await rotation(notDue).check()) ?? { removed: [] };
    expect(removed).toHaveLength(1);
    expect(await keysAtZitadel()).toEqual([former]);
  });
});
