import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawbridge } from '../support/command.ts';
import { type PretendMachine, startPretendMachine } from './pretend-machine.ts';

describe('drawbridge stack whose OpenBao could not be told of Zitadel', () => {
  let machine: PretendMachine;
  const run = (...args: string[]) => drawbridge(args, machine.env);
  beforeAll(async () => {
    machine = await startPretendMachine({ pace: 0.1 });
  });
  afterAll(() => machine?.stop());

  it('is usable, and says what is missing', async () => {
    const pause = machine.pauses.hold('sign-in');
    const up = run('stack', 'up');
    await pause.reached;
    machine.openbao.seal();
    pause.release();
    const { code, stderr } = await up;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/! sign-in +.*sealed/)]);
    expect(stderr).toContain('The stack is usable; signing in to OpenBao is not. Next: drawbridge stack up');
    const status = await run('stack', 'status');
    expect([status.code, status.stdout]).toEqual([1, expect.stringMatching(/✗ sign-in +openbao_sealed/)]);
  });

  it.each([
    ['demo', '--sso'],
    ['stack', '--sso-demo'],
  ])('%s %s refuses with the remedy', async (...args) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/does not know Zitadel yet.* drawbridge stack up\n/),
    ]);
  });

  it('is wired by the remedy, and taken away by --cleanup without a question', async () => {
    const { code, stderr } = await run('stack', 'up');
    expect([code, stderr]).toEqual([0, expect.stringContaining('Next: drawbridge stack --sso-demo')]);
    expect((await run('stack', 'status')).code).toBe(0);
    expect((await run('stack', '--cleanup')).code).toBe(0);
    expect(machine.k3d).toBe('missing');
  });
});
