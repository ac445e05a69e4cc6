import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from '@drawbridge/kit';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { drawbridge, main } from '../support/command.ts';
import { drawbridgeInTerminal } from '../support/pseudo-terminal.ts';
import { type MachinePause, type PretendMachine, parts, startPretendMachine } from './pretend-machine.ts';

const start = async (onTestFinished: TestContext['onTestFinished']) => {
  const machine = await startPretendMachine({ pace: 0.1 });
  onTestFinished(() => machine.stop());
  return { machine, up: () => drawbridgeInTerminal(['stack', 'up'], machine.env) };
};

/** Kills a command outside a terminal, which ends nothing that it runs, once it has come to where it is held. */
const killAt = async (machine: PretendMachine, point: MachinePause, args: readonly string[]) => {
  const pause = machine.pauses.hold(point);
  const command = spawn(process.execPath, ['--conditions=@drawbridge/source', main, 'stack', ...args], {
    env: machine.env,
    stdio: 'ignore',
  });
  const ended = once(command, 'exit');
  await Promise.race([pause.reached, ended]);
  command.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(machine.programs).toBe(1);
  return pause;
};

/** Ends a command in its terminal. */
type Cut = (typed: ReturnType<typeof drawbridgeInTerminal>) => void;

describe('drawbridge stack up, cut off', { timeout: 120_000 }, () => {
  let whole: Awaited<ReturnType<typeof outcomeOf>>;

  beforeAll(async () => {
    const machine = await startPretendMachine({ pace: 0.1 });
    const { code, stderr } = await drawbridge(['stack', 'up'], machine.env);
    expect(code, stderr).toBe(0);
    whole = await outcomeOf(machine);
    await machine.stop();
  }, 120_000);

  /** Runs it until a part has come to where it is held, ends it there, and runs it again. */
  const cutAndRepeat = async (part: MachinePause, cut: Cut, { expect, onTestFinished }: TestContext) => {
    const { machine, up } = await start(onTestFinished);
    const pause = machine.pauses.hold(part);
    const first = up();
    await Promise.race([pause.reached, first.ended]);
    cut(first);
    const code = await first.ended;
    await expect.poll(() => machine.programs).toBe(0);
    await (await lockFolder(folderOf(machine))).release();
    const left = await outcomeOf(machine);
    pause.release();
    const second = up();
    expect(await second.ended, second.text()).toBe(0);
    expect(await outcomeOf(machine)).toEqual(whole);
    return { code, text: first.text(), left };
  };

  it.concurrent.for(parts)('by Ctrl-C in %s, is gone on with by the next run', async (part, context) => {
    const { code, text } = await cutAndRepeat(part, (typed) => typed.press('\u0003'), context);
    expect(code, text).toBe(130);
    expect(text).toContain('error[canceled]');
    const done = [...text.matchAll(/✓ (\S+) /g)].map(([, name]) => name);
    expect(done).toEqual(parts.slice(0, parts.indexOf(part)));
  });

  it.concurrent.for([
    ['cluster', { k3d: 'half made', releases: {} }],
    ['zitadel', { releases: { cnpg: 'deployed', zitadel: 'pending-install' } }],
  ] as const)('by kill -9 in %s, leaves no lock and no program', async ([part, half], context) => {
    const { code, left } = await cutAndRepeat(part, (typed) => typed.kill('SIGKILL'), context);
    expect(code).toBe(137);
    expect(left).toMatchObject(half);
  });

  it('waits for Zitadel’s set-up, which goes on where Helm was cut off and makes its first key once', async ({
    onTestFinished,
  }) => {
    const { machine, up } = await start(onTestFinished);
    const pause = machine.pauses.hold('zitadel');
    const first = up();
    await Promise.race([pause.reached, first.ended]);
    first.press('\u0003');
    expect(await first.ended, first.text()).toBe(130);
    const second = up();
    await second.waitFor(/job zitadel-setup of an earlier run/);
    pause.release();
    expect(await second.ended, second.text()).toBe(0);
    expect(await outcomeOf(machine)).toEqual(whole);
  });

  it('by kill -9 outside a terminal, leaves Helm at work, which is waited for', async ({
    onTestFinished,
  }) => {
    const { machine, up } = await start(onTestFinished);
    const pause = await killAt(machine, 'zitadel', ['up', '--yes']);
    const second = up();
    await second.waitFor(/helm of an earlier run is at work, process \d+/);
    pause.release();
    expect(await second.ended, second.text()).toBe(0);
    expect(await outcomeOf(machine)).toEqual(whole);
  });

  it('while it is taken down, by kill -9 outside a terminal, leaves k3d at work, which is waited for', async ({
    onTestFinished,
  }) => {
    const { machine, up } = await start(onTestFinished);
    const first = up();
    expect(await first.ended, first.text()).toBe(0);
    const pause = await killAt(machine, 'down', ['down', '--yes']);
    const again = drawbridgeInTerminal(['stack', 'down', '--yes'], machine.env);
    await again.waitFor(/k3d of an earlier run is at work, process \d+/);
    pause.release();
    expect(await again.ended, again.text()).toBe(0);
    expect(machine.k3d).toBe('missing');
    expect(await filesOf(machine)).toEqual(['lock', 'lock.pid']);
  });

  it('can be taken down at once, however little there is', async ({ onTestFinished }) => {
    const { machine, up } = await start(onTestFinished);
    const pause = machine.pauses.hold('cluster');
    const typed = up();
    await Promise.race([pause.reached, typed.ended]);
    typed.press('\u0003');
    expect(await typed.ended, typed.text()).toBe(130);
    const { code, stderr } = await drawbridge(['stack', 'down', '--yes'], machine.env);
    expect([code, stderr]).toEqual([0, expect.stringContaining('removed')]);
    expect(machine.k3d).toBe('missing');
  });
});

/** What a run came to: every object, release, file and thing made in Zitadel, by name. */
async function outcomeOf(machine: PretendMachine) {
  // A run that signs in again is no other outcome.
  const made = [...machine.zitadel.events].filter(({ type }) => /^(org|project|user)\..*added$/.test(type));
  return {
    k3d: machine.k3d,
    objects: machine.cluster.objects(),
    releases: machine.cluster.releases,
    files: await filesOf(machine),
    made: made.map(({ type }) => type).toSorted(),
    openbao: machine.openbao.events.map(({ type }) => type),
  };
}

async function filesOf(machine: PretendMachine): Promise<readonly string[]> {
  return (await readdir(folderOf(machine), { recursive: true })).toSorted();
}

function folderOf({ folder }: PretendMachine): string {
  return join(folder, 'home/data/stack/drawbridge');
}
