import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '@drawbridge/kit';
import { createUserSession, openSessionStore, type SessionStore } from '@drawbridge/zitadel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './support/people.ts';
import { type Started, start } from './support/start.ts';

const childFile = fileURLToPath(
  new URL('../../packages/zitadel/test/session/session-child.ts', import.meta.url),
);

let started: Started;
let people: People;
let folder: string;
let store: SessionStore;
const children: ChildProcess[] = [];

beforeAll(async () => {
  started = await start();
  people = await peopleOf(started);
  await people.add('ada');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-e2e-'));
  store = await openSessionStore({ folder, keyring: false });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await people.close();
  await started.stop();
});

interface Line {
  readonly subject?: string;
  readonly access?: string;
  readonly code?: string;
  readonly userCode?: string;
  readonly waiting?: boolean;
  readonly stoppedAt?: string;
}

/** Starts a process that needs the session. */
function run(task: { readonly ask?: boolean; readonly stopAt?: string } = {}, onLine?: (line: Line) => void) {
  const { issuer } = started.emulator;
  const full = JSON.stringify({ ...task, issuer, clientId: people.clientId, folder });
  const child = spawn(process.execPath, ['--conditions=@drawbridge/source', childFile, full], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: Line[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    onLine?.(line);
  });
  const ended = new Promise<Line>((resolve) => child.once('close', () => resolve(lines.at(-1) ?? {})));
  return { child, ended };
}

const key = () => ({ issuer: started.emulator.issuer, clientId: people.clientId });
const hasty: Clock = { now: systemClock.now, sleep: (_ms, signal) => systemClock.sleep(10, signal) };

/** Signs in, and makes the session look as if its time were over. */
async function expiredSession(): Promise<void> {
  const session = createUserSession({ signIn: people.signIn(hasty), store });
  await session.get({
    terminal: true,
    interactive: (how) =>
      how.byDevice({
        prompt: ({ userCode }) => {
          void people.decide(userCode, 'ada');
        },
      }),
  });
  const record = await store.read(key());
  if (record?.state !== 'active') throw new Error('nobody is signed in');
  await store.write({ ...record, accessExpiresAt: Date.now() - 1_000 });
}

const refreshes = () =>
  [...started.emulator.events].filter(({ type }) => type === 'oidc_session.refresh_token.renewed').length;

describe('many processes, one session', () => {
  it('S29 50 processes with an expired session: one refresh, and none fails', async () => {
    await expiredSession();
    const before = refreshes();
    const results = await Promise.all(Array.from({ length: 50 }, () => run().ended));
    expect(results.filter(({ code }) => code !== undefined)).toEqual([]);
    expect(new Set(results.map(({ access }) => access)).size).toBe(1);
    expect(refreshes() - before).toBe(1);
  }, 120_000);

  it('10 processes without a session: one is asked, the others wait for it', async () => {
    const codes: string[] = [];
    const waiting = new Set<number>();
    let decided = false;
    const decide = () => {
      const [code] = codes;
      if (decided || code === undefined || waiting.size < 9) return;
      decided = true;
      void people.decide(code, 'ada');
    };
    const results = await Promise.all(
      Array.from(
        { length: 10 },
        (_, nth) =>
          run({ ask: true }, ({ userCode, waiting: waits }) => {
            if (userCode !== undefined) codes.push(userCode);
            if (waits) waiting.add(nth);
            decide();
          }).ended,
      ),
    );
    expect(codes).toHaveLength(1);
    expect(results.map(({ subject }) => subject)).toEqual(Array.from({ length: 10 }, () => 'ada'));
    expect(new Set(results.map(({ access }) => access)).size).toBe(1);
  }, 120_000);

  it.each([
    ['intent', 'ada'],
    ['received', undefined],
    ['stored', 'ada'],
  ])(
    'S29 killed at %s: the next one goes on, or asks once and then goes on',
    async (stopAt, survives) => {
      await expiredSession();
      await new Promise<void>((resolve) => {
        const { child, ended } = run({ stopAt }, ({ stoppedAt }) => {
          if (stoppedAt === stopAt) child.kill('SIGKILL');
        });
        void ended.then(() => resolve());
      });
      const next = await run().ended;
      if (survives === undefined) {
        // The new tokens died with the process, and Zitadel has seen the old ones.
        expect(next).toEqual({ code: 'not_signed_in' });
        const codes: string[] = [];
        const asked = await run({ ask: true }, ({ userCode }) => {
          if (userCode === undefined) return;
          codes.push(userCode);
          void people.decide(userCode, 'ada');
        }).ended;
        expect(asked.subject).toBe('ada');
        expect(codes).toHaveLength(1);
      } else {
        expect(next.subject).toBe(survives);
      }
      expect((await run().ended).subject).toBe('ada');
    },
    60_000,
  );

  it('a refresh brings an id_token as well, for those who need one', async () => {
    await expiredSession();
    const session = createUserSession({ signIn: people.signIn(), store });
    const { idToken, idTokenExpiresAt } = await session.get({ idToken: true });
    expect(idToken?.expose().split('.')).toHaveLength(3);
    expect(idTokenExpiresAt).toBeGreaterThan(Date.now() + 3_600_000);
  });

  it('S33 logout ends the session at Zitadel as well', async () => {
    await expiredSession();
    const record = await store.read(key());
    if (record?.state !== 'active' || !record.refreshToken) throw new Error('nobody is signed in');
    const signIn = people.signIn();
    const session = createUserSession({ signIn, store });
    expect(await session.logout()).toMatchObject({ wasSignedIn: true, notRevoked: [] });
    await expect(signIn.refresh(record.refreshToken, 'ada')).rejects.toMatchObject({ code: 'session_ended' });
    await expect(session.get()).rejects.toMatchObject({ code: 'not_signed_in' });
  });
});
