import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawbridge, main } from '../support/command.ts';
import { type PretendMachine, startPretendMachine } from './pretend-machine.ts';

const operator = 'cnpg-system/cnpg-cloudnative-pg-7d9f4-x7k2p';
const zitadel = 'zitadel/zitadel-7d9f4-x7k2p';
const openbao = 'openbao/openbao-0';

describe('drawbridge stack logs', () => {
  let machine: PretendMachine;
  const logs = (...args: string[]) => drawbridge(['stack', 'logs', ...args], machine.env);

  beforeAll(async () => {
    machine = await startPretendMachine({ pace: 0.1 });
    const { code, stderr } = await drawbridge(['stack', 'up'], machine.env);
    expect(code, stderr).toBe(0);
    machine.cluster.logs.set(operator, ['Starting manager']);
    machine.cluster.logs.set(zitadel, ['msg="initialization started"', 'msg="server is listening"']);
    machine.cluster.logs.set(openbao, ['core: security barrier not initialized', 'core: vault is unsealed']);
  });
  afterAll(() => machine?.stop());

  it('prints what the pods of all parts wrote, the texts below each other', async () => {
    const { code, stdout, stderr } = await logs();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      `${operator}  Starting manager`,
      `${zitadel.padEnd(operator.length)}  msg="initialization started"`,
      `${zitadel.padEnd(operator.length)}  msg="server is listening"`,
      `${openbao.padEnd(operator.length)}  core: security barrier not initialized`,
      `${openbao.padEnd(operator.length)}  core: vault is unsealed`,
      '',
    ]);
  });

  it('prints one part, and of each container as many lines as are asked for', async () => {
    expect((await logs('zitadel', '--tail', '1')).stdout).toBe(`${zitadel}  msg="server is listening"\n`);
  });

  it('gives documents to programs, each line as it was written', async () => {
    const line = '\u001b[32mINFO\u001b[0m\tlistening\r';
    machine.cluster.logs.set(openbao, [line]);
    const { stdout } = await logs('openbao', '--json');
    const schema = 'drawbridge.stack-log/v1';
    expect(JSON.parse(stdout)).toEqual({ schema, pod: openbao, line });
  });

  it('prints nothing that would steer a terminal: anybody may have a pod write', async () => {
    machine.cluster.logs.set(openbao, [
      '\u001b[31merror\u001b[0m:\ta\u0007b',
      'user=\u001b]52;c;cm0gLXJmIH4=\u0007ada \u009b2J\r',
    ]);
    expect((await logs('openbao')).stdout).toBe(`${openbao}  error:\tab\n${openbao}  user=ada \n`);
  });

  it('says which parts there are, where one is named that is none', async () => {
    const { code, stdout, stderr } = await logs('postgresql');
    const said = 'error[usage]: There is no part postgresql. Name one of: postgres, zitadel, openbao.\n';
    expect([code, stdout, stderr]).toEqual([2, '', said]);
  });

  it.each(['x', '0', ''])('refuses --tail=%s instead of printing something else', async (tail) => {
    const { code, stdout, stderr } = await logs(`--tail=${tail}`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error\[usage\]: .*--tail.* A whole number from 1 is needed\./);
  });

  it('ends without a word when whoever reads has seen enough', async () => {
    machine.cluster.logs.set(
      zitadel,
      Array.from({ length: 20_000 }, (_, at) => `line ${at}`),
    );
    const typed = `{ "$@"; echo "exit $?" >&2; } | head -n 1`;
    const command = [process.execPath, '--conditions=@drawbridge/source', main];
    const words = [...command, 'stack', 'logs', 'zitadel', '--tail', '20000'];
    const child = spawn('sh', ['-c', typed, 'sh', ...words], {
      env: { ...machine.env, LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    expect([stdout, stderr]).toEqual([`${zitadel}  line 0\n`, 'exit 0\n']);
  });

  it('is there for an OpenBao that is sealed, when it is wanted most', async () => {
    machine.openbao.seal();
    machine.cluster.logs.set(openbao, ['core: vault is sealed']);
    const { code, stdout } = await logs('openbao');
    expect([code, stdout]).toEqual([0, `${openbao}  core: vault is sealed\n`]);
  });

  it('says so where nothing was written', async () => {
    machine.cluster.logs.delete(operator);
    const { code, stdout, stderr } = await logs('postgres');
    expect([code, stdout, stderr]).toEqual([0, '', 'No pod has written anything.\n']);
  });

  it('says so where the part is none of this stack', async () => {
    const { code, stderr } = await drawbridge(['stack', 'up', '--skip-zitadel'], machine.env);
    expect(code, stderr).toBe(0);
    expect((await logs('postgres')).stderr).toBe('No pod has written anything; this stack has no Zitadel.\n');
  });

  it('knows no stack of another name', async () => {
    const { code, stdout, stderr } = await logs('--name', 'other');
    expect([code, stdout, stderr]).toEqual([4, '', expect.stringMatching(/^error\[stack_missing\]: /)]);
    expect(stderr).toContain('do     drawbridge stack up');
  });

  it('says that the cluster does not answer', async () => {
    await machine.cluster.stop();
    const { code, stdout, stderr } = await logs();
    expect([code, stdout, stderr]).toEqual([5, '', expect.stringMatching(/^error\[unreachable\]: /)]);
    expect(stderr).toContain('do     drawbridge stack status');
    const failed = await logs('--json');
    expect([failed.code, failed.stdout, JSON.parse(failed.stderr)]).toEqual([
      5,
      '',
      expect.objectContaining({ code: 'unreachable' }),
    ]);
  });
});
