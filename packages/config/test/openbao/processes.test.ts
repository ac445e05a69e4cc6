import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sso, startSso } from '../support/sso.ts';

const childFile = fileURLToPath(new URL('./process-child.ts', import.meta.url));
let sso: Sso;
let folder: string;

beforeAll(async () => {
  sso = await startSso();
  await sso.setUp();
  await sso.addUser('ada');
  await sso.root().kv().put('harmony/dev/greeting', { greeting: 'hello' });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-config-'));
  return () => rm(folder, { recursive: true, force: true });
});
afterAll(() => sso.stop());

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts a process that reads the value, with a pipe in place of a terminal. */
function run(): Promise<Outcome> {
  const task = { issuer: sso.zitadel.issuer, clientId: sso.clientId, url: sso.openbao().url, folder };
  const child = spawn(process.execPath, ['--conditions=@drawbridge/source', childFile, JSON.stringify(task)]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}
const fifty = () => Promise.all(Array.from({ length: 50 }, run));
const logins = () => sso.openbao().events.filter(({ type }) => type === 'token.create').length;
const zitadelEvents = (part: string) =>
  [...sso.zitadel.events].filter(({ type }) => type.includes(part)).length;

describe('50 processes at once', () => {
  it('without a session and without a terminal: no sign-in page, exit 3, one sentence', async () => {
    const before = [logins(), zitadelEvents('device')];
    const outcomes = await fifty();
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set([3]));
    expect(new Set(outcomes.map(({ out }) => out))).toEqual(new Set(['']));
    expect(new Set(outcomes.map(({ err }) => err))).toEqual(
      new Set(['not_signed_in: You are not signed in.\n']),
    );
    expect([logins(), zitadelEvents('device')]).toEqual(before);
  }, 180_000);

  it('S29 with a session: one exchange however many wait, and none fails', async () => {
    const { session } = await sso.person(join(folder, 'sessions'));
    await session.get(sso.asking('ada'));
    const before = logins();
    const outcomes = await fifty();
    expect(outcomes.filter(({ code }) => code !== 0)).toEqual([]);
    expect(new Set(outcomes.map(({ out }) => out))).toEqual(new Set(['hello\n']));
    expect(logins() - before).toBe(1);
  }, 180_000);
});
