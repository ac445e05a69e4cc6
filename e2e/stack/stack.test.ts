import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawbridge } from '../support/command.ts';
import { drawbridgeInTerminal } from '../support/pseudo-terminal.ts';
import { type PretendMachine, parts, startPretendMachine } from './pretend-machine.ts';

describe('drawbridge stack, with k3d, Helm and the cluster pretended', () => {
  let machine: PretendMachine;
  const stack = (...args: string[]) => drawbridge(['stack', ...args], machine.env);
  const counts = () =>
    ['Deployment', 'Secret', 'Cluster', 'Service', 'ConfigMap'].map((kind) => machine.cluster.count(kind));

  beforeAll(async () => {
    machine = await startPretendMachine();
  });
  afterAll(() => machine?.stop());

  it('shows what it would do, and does nothing', async () => {
    const { code, stdout } = await stack('up', '--plan');
    expect(code).toBe(0);
    expect(stdout).toContain(`stack "drawbridge", http://sso.harmony.local:${machine.port}`);
    expect(stdout).toContain('+ cluster    k3d "drawbridge", one node');
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(machine.k3d).toBe('missing');
    expect(existsSync(join(machine.folder, 'home/data'))).toBe(false);
    expect(
      machine.calls.filter(({ args }) => ['create', 'upgrade'].includes(args[1] ?? args[0] ?? '')),
    ).toEqual([]);
  });

  it('comes up with every race on: kinds late, webhooks failing and stale, pods unscheduled, OpenBao sealed', async () => {
    machine.cluster.leaveStaleWebhook();
    const first = drawbridgeInTerminal(['stack', 'up'], machine.env);
    await first.waitFor(/postgres +.*\b(no|not)\b/);
    first.press('\u0003');
    expect(await first.ended).toBe(130);
    expect(first.text()).toContain('canceled');
    // It goes on where it was interrupted.
    const typed = drawbridgeInTerminal(['stack', 'up'], machine.env);
    expect(await typed.ended, typed.text()).toBe(0);
    const text = typed.text();
    expect(text).toContain('= cluster');
    for (const part of parts) expect(text).toMatch(new RegExp(`✓ ${part} `));
    expect(machine.cluster.webhookFailures).toBe(3);
    expect(machine.cluster.count('MutatingWebhookConfiguration')).toBe(0);
    expect(text).toContain('too little memory');
    expect(text).toContain('Next: drawbridge stack --sso-demo');
  });

  it('keeps what k3d and Helm were run with, and gives them no secret as an argument', async () => {
    const files = ['openbao-root-token', 'openbao-keys.json', 'zitadel-admin.json', 'stack.log'];
    const folder = join(machine.folder, 'home/data/stack/drawbridge');
    const kept = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    for (const file of files) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    const [token = '', , , log] = kept;
    expect(token.trim().length).toBeGreaterThan(8);
    expect(JSON.stringify(machine.calls)).not.toContain(token.trim());
    for (const run of ['$ k3d cluster create', '$ helm upgrade zitadel']) expect(log).toContain(run);
    expect(log).not.toContain(token.trim());
  });

  it('again finds all there, and makes nothing double', async () => {
    const before = counts();
    const upgrades = () => machine.calls.filter(({ args }) => args[0] === 'upgrade').length;
    const made = upgrades();
    const { code, stdout, stderr } = await stack('up');
    expect([code, stderr]).toEqual([0, expect.stringContaining('sign-in')]);
    expect(stdout).toContain('= zitadel');
    expect(counts()).toEqual(before);
    // Hooks of charts take minutes: they do not run again for nothing.
    expect(upgrades()).toBe(made);
  });

  it('status looks at it from outside, and finds a sealed OpenBao; up opens it again', async () => {
    expect((await stack('status')).code).toBe(0);
    machine.openbao.seal();
    const sealed = await stack('status');
    expect([sealed.code, sealed.stdout]).toEqual([1, expect.stringMatching(/✗ openbao +is sealed/)]);
    expect((await stack('up')).stderr).toContain('unsealed again');
    expect((await stack('status')).code).toBe(0);
  });

  it.each([{ typed: 'stack --demo' }, { typed: 'demo' }])(
    '$typed writes and reads through a forwarded port, with the root token',
    async ({ typed }) => {
      const { code, stdout, stderr } = await drawbridge(typed.split(' '), machine.env);
      expect([code, stderr]).toEqual([0, expect.stringContaining('http://127.0.0.1:')]);
      expect(stdout).toContain('from OpenBao');
    },
  );

  it('--sso-demo signs in at the ingress, though this machine does not know the names', async () => {
    const typed = drawbridgeInTerminal(['stack', '--sso-demo'], machine.env);
    const [code = ''] = await typed.waitFor(/[A-Z]{4}-[A-Z]{4}/);
    const { loginName, password } = machine.zitadel.bootstrap.admin;
    expect(await machine.approve(code, { loginName, password: password.expose() })).toBe(200);
    expect(await typed.ended, typed.text()).toBe(0);
    expect(typed.text()).toContain('as the person who signed in');
  });

  it('down asks, and takes cluster and keys away', async () => {
    expect((await stack('down')).code).not.toBe(0);
    const { code, stderr } = await stack('down', '--yes');
    expect([code, stderr]).toEqual([0, expect.stringContaining('k3d "drawbridge"')]);
    expect(machine.k3d).toBe('missing');
    expect((await stack('status')).code).toBe(4);
  });
});

describe('drawbridge stack in a cluster of somebody’s', () => {
  let machine: PretendMachine;
  beforeAll(async () => {
    machine = await startPretendMachine();
    await writeFile(join(machine.folder, 'theirs'), machine.cluster.kubeconfig, { mode: 0o600 });
  });
  afterAll(() => machine?.stop());
  const stack = (...args: string[]) => drawbridge(['stack', ...args], machine.env);
  const theirs = () => ['--context', 'k3d-drawbridge', '--kubeconfig', join(machine.folder, 'theirs')];

  it('leaves alone what is there under the same names, and says so', async () => {
    const theirOpenbao = {
      name: 'openbao',
      namespace: 'openbao',
      status: 'deployed',
      chart: 'openbao-0.20.0',
    };
    const other = await startPretendMachine();
    try {
      await writeFile(join(other.folder, 'theirs'), other.cluster.kubeconfig, { mode: 0o600 });
      const where = ['--context', 'k3d-drawbridge', '--kubeconfig', join(other.folder, 'theirs')];
      other.cluster.addRelease(theirOpenbao);
      const planned = await drawbridge(['stack', 'up', ...where, '--plan'], other.env);
      expect(planned.stderr).toContain('Release openbao in openbao was not made for this stack.');
      expect(planned.stderr).toMatch(/^ +helm uninstall openbao --namespace openbao$/m);
      const refused = await drawbridge(['stack', 'up', ...where, '--yes'], other.env);
      expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('error[stack_name_taken]')]);
      other.k3d = 'running';
      const own = await drawbridge(['stack', 'up'], other.env);
      expect([own.code, own.stderr]).toEqual([
        4,
        expect.stringContaining('k3d cluster drawbridge was not made'),
      ]);
      const changes = other.calls.filter(({ args }) =>
        /upgrade|uninstall|create|delete/.test(args.join(' ')),
      );
      expect(changes).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  it('asks before it makes anything there', async () => {
    const { code, stderr } = await stack('up', ...theirs(), '--skip-zitadel');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(machine.calls.some(({ args }) => args[0] === 'upgrade')).toBe(false);
  });

  it('makes OpenBao alone where that is wanted, by that context and without k3d', async () => {
    const { code, stdout, stderr } = await stack('up', ...theirs(), '--skip-zitadel', '--yes');
    expect([code, stderr]).toEqual([0, expect.stringContaining('Next: drawbridge stack --demo')]);
    expect(stdout).not.toContain('zitadel ');
    expect(machine.calls.map(({ program }) => program)).not.toContain('k3d');
    const upgrades = machine.calls.filter(({ args }) => args[0] === 'upgrade');
    expect(upgrades).toHaveLength(1);
    expect(upgrades[0]?.args.join(' ')).toContain('upgrade openbao openbao ');
    expect(upgrades[0]?.args.join(' ')).toContain('--kube-context k3d-drawbridge');
    const plain = await drawbridge(['demo'], machine.env);
    expect([plain.code, plain.stdout]).toEqual([0, expect.stringContaining('from OpenBao')]);
    expect((await stack('--sso-demo')).stderr).toContain('drawbridge stack --demo');
    const sso = await drawbridge(['demo', '--sso'], machine.env);
    expect([sso.code, sso.stderr]).toEqual([3, expect.stringContaining('drawbridge stack --demo')]);
  });

  it('takes the charts out again, and keeps the keys of what may be left there', async () => {
    const { code, stderr } = await stack('down', '--yes');
    expect([code, stderr]).toEqual([0, expect.stringContaining('openbao in openbao')]);
    expect(stderr).toContain('which open them');
    const keys = join(machine.folder, 'home/data/stack/drawbridge/openbao-keys.json');
    expect((await stat(keys)).mode & 0o777).toBe(0o600);
  });
});
