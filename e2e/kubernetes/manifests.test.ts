import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import {
  type KubeApiserver,
  kubeAssets,
  startKubeApiserver,
} from '../../packages/kubernetes/test/support/kube-apiserver.ts';
import { drawbridge } from '../support/command.ts';

const run = promisify(execFile);
const config = join(import.meta.dirname, '../../config');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, never>>;
}

async function manifestsOf(service: string): Promise<readonly Manifest[]> {
  const folder = join(config, 'base/services', service);
  const files = (await readdir(folder)).filter((file) => file !== 'kustomization.yaml');
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));
}

interface Container {
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string }[];
  readonly securityContext: object;
}

async function containerOf(service: string): Promise<Container> {
  const deployment = (await manifestsOf(service)).find(({ kind }) => kind === 'Deployment');
  if (!deployment) throw new Error(`no deployment of ${service}`);
  const { template } = deployment.spec as unknown as {
    template: { spec: { containers: [Container] } };
  };
  return template.spec.containers[0];
}

const services = ['apiserver', 'authn-webhook', 'controller-manager', 'actions-server'];

describe('the manifests', () => {
  it.each(services)('start %s with flags that it has', async (service) => {
    const { args } = await containerOf(service);
    const [command = '', ...flags] = args;
    const { code, stdout } = await drawbridge([command, '--help']);
    expect(code).toBe(0);
    expect(flags.length).toBeGreaterThan(0);
    for (const flag of flags) expect(stdout).toContain(`${flag.split('=')[0]} `);
  });

  it.each(services)('S61 give %s no root, nothing to write and no capability', async (service) => {
    const { securityContext } = await containerOf(service);
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('for kube-apiserver are those of the guide, and name the webhook as its certificate does', async () => {
    const guide = await readFile(join(config, '../docs/kubernetes/authn-webhook.md'), 'utf8');
    const [webhook = '', authentication = ''] = await Promise.all(
      ['webhook.yaml', 'authentication.yaml'].map((file) =>
        readFile(join(config, 'kube-apiserver', file), 'utf8'),
      ),
    );
    expect(guide).toContain(webhook);
    expect(guide).toContain(authentication);
    const certificates = await readFile(join(config, 'components/cert-manager/certificates.yaml'), 'utf8');
    const [, name = ''] = /tls-server-name: (.+)/.exec(webhook) ?? [];
    expect(name).not.toBe('');
    expect(certificates).toContain(`- ${name}\n`);
  });

  it('name variables in the configuration that a program reads', async () => {
    const { configMapGenerator } = parse(await readFile(join(config, 'base/kustomization.yaml'), 'utf8')) as {
      configMapGenerator: [{ literals: string[] }];
    };
    const names = configMapGenerator[0].literals.map((literal) => literal.split('=')[0] ?? '');
    const helps = await Promise.all(
      ['apiserver', 'authn-webhook', 'controller', 'actions-server'].map(
        async (command) => (await drawbridge([command, '--help'])).stdout,
      ),
    );
    for (const name of names.filter((one) => one === one.toUpperCase()))
      expect(helps.join(), name).toContain(name);
  });
});

describe.skipIf(kubeAssets === undefined)(
  'the manifests on a real kube-apiserver (KUBEBUILDER_ASSETS)',
  () => {
    let cluster: KubeApiserver;
    beforeAll(async () => {
      cluster = await startKubeApiserver();
    }, 90_000);
    afterAll(() => cluster?.stop());

    async function kubectl(...args: string[]): Promise<string> {
      const program = join(String(kubeAssets), 'kubectl');
      const { stdout } = await run(program, ['--kubeconfig', await cluster.kubeconfig(), ...args]);
      return stdout;
    }

    it('are taken by it, strictly', async () => {
      const applied = await kubectl('apply', '--server-side', '-k', join(config, 'crd'));
      expect(applied.match(/serverside-applied/g)).toHaveLength(5);
      await kubectl('wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all');
      await kubectl('apply', '-k', join(config, 'namespace'));
      const base = await kubectl(
        'apply',
        '--dry-run=server',
        '--validate=strict',
        '-k',
        join(config, 'base'),
      );
      expect(base).toContain('deployment.apps/drawbridge-apiserver created (server dry run)');
      const samples = await kubectl('apply', '--validate=strict', '-k', join(config, 'samples'));
      expect(samples.match(/ created/g)).toHaveLength(4);
    }, 60_000);

    it('keep a deactivation with the user that it is of', async () => {
      const change = [
        'userdeactivation',
        'ada-left',
        '--type=merge',
        '-p',
        '{"spec":{"userRef":{"name":"7"}}}',
      ];
      await expect(kubectl('patch', ...change)).rejects.toThrow(/cannot be changed: delete this one/);
    });

    it('refuse what Milo would refuse', async () => {
      const bad = ['--dry-run=server', '-f', '-'];
      const create = run(join(String(kubeAssets), 'kubectl'), [
        ...['--kubeconfig', await cluster.kubeconfig(), 'create', ...bad],
      ]);
      create.child.stdin?.end(
        JSON.stringify({
          apiVersion: 'iam.miloapis.com/v1alpha1',
          kind: 'ServiceAccount',
          metadata: { name: 'bad' },
          spec: { state: 'Asleep' },
        }),
      );
      await expect(create).rejects.toThrow(/Unsupported value: "Asleep"/);
    });
  },
);
