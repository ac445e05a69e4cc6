import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawbridge } from '../support/command.ts';
import { drawbridgeInTerminal } from '../support/pseudo-terminal.ts';
import { type PretendMachine, startPretendMachine } from './pretend-machine.ts';

describe('drawbridge stack in a cluster whose CoreDNS does not read coredns-custom', () => {
  let machine: PretendMachine;
  const stack = (...args: string[]) => drawbridge(['stack', ...args], machine.env);
  const up = (...more: string[]) =>
    stack(
      'up',
      ...['--context', 'k3d-drawbridge', '--kubeconfig', join(machine.folder, 'theirs'), '--yes', ...more],
    );
  const relayed = ['--relay-image', 'registry.acme.example/drawbridge:0.1.0'];
  const ours = () =>
    ['Deployment/drawbridge-relay', 'Service/drawbridge-relay', 'Service/drawbridge-ingress'].filter(
      (one) => {
        const [kind = '', name = ''] = one.split('/');
        return machine.cluster.find(kind, name) !== undefined;
      },
    );

  beforeAll(async () => {
    machine = await startPretendMachine({ importsNames: false });
    await writeFile(join(machine.folder, 'theirs'), machine.cluster.kubeconfig, { mode: 0o600 });
  });
  afterAll(() => machine?.stop());

  it('says what it would do, and refuses what is no image', async () => {
    const { code, stdout } = await up('--plan', ...relayed);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/network +drawbridge relay of/)]);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    const wrong = await up('--relay-image', 'two words');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('docker pull')]);
  });

  it('comes up with the relay running as its Deployment has it, looked at from a pod', async () => {
    const { code, stderr } = await up(...relayed);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/network +pods have Zitadel/)]);
    expect(stderr).toContain('Next: drawbridge stack --sso-demo');
    expect(ours()).toEqual(['Deployment/drawbridge-relay', 'Service/drawbridge-relay']);
    expect(machine.cluster.find('ConfigMap', 'coredns-custom')).toBeUndefined();
    const again = await up(...relayed);
    expect([again.code, ours()]).toEqual([0, ['Deployment/drawbridge-relay', 'Service/drawbridge-relay']]);
  });

  it('demo --sso signs in at the ingress; OpenBao has the keys from the relay', async () => {
    const typed = drawbridgeInTerminal(['demo', '--sso'], machine.env);
    const [code = ''] = await typed.waitFor(/[A-Z]{4}-[A-Z]{4}/);
    const { loginName, password } = machine.zitadel.bootstrap.admin;
    expect(await machine.approve(code, { loginName, password: password.expose() })).toBe(200);
    expect(await typed.ended, typed.text()).toBe(0);
    expect(typed.text()).toContain('as the person who signed in');
  });

  it('down takes the relay away as well', async () => {
    const { code, stderr } = await stack('down', '--yes');
    expect([code, stderr]).toEqual([0, expect.stringContaining('Deployment/drawbridge-relay')]);
    expect(ours()).toEqual([]);
  });
});
