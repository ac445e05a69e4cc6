import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { translateFormerFlags } from '../src/commands/former-flags.ts';

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-former-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'config.yaml'), text);
  return join(folder, 'config.yaml');
}

it('puts the flags of a deployment of the Go provider into our terms', async () => {
  const serverConfig = await fileWith(`
apiVersion: apiserver.config.miloapis.com/v1alpha1
kind: AuthProviderZitadel
discovery:
  mode: milo
  discoveryKubeconfigPath: /etc/milo/discovery
  projectKubeconfigPath: /etc/milo/projects
downstreamResourceManagement: {}
`);
  const translated = await translateFormerFlags({
    zitadelBaseUrl: 'https://sso.acme.example',
    zitadelMachineAccountKeyPath: '/zitadel/key.json',
    serverConfig,
    leaderElect: true,
    leaderElectionId: 'own',
    metricsSecure: 'false',
    emailAddressSuffix: 'identity.acme.example',
  });
  expect(translated).toEqual({
    flags: {
      zitadelIssuer: 'https://sso.acme.example',
      zitadelKey: '/zitadel/key.json',
      kubeconfig: '/etc/milo/discovery',
      projectKubeconfig: '/etc/milo/projects',
      mode: 'milo',
      leaderElectionId: 'own',
      emailAddressSuffix: 'identity.acme.example',
    },
    without: ['leaderElect', 'metricsSecure'],
  });
});

it('takes the base URL for the address where the issuer has another name', async () => {
  const { flags } = await translateFormerFlags({
    zitadelBaseUrl: 'http://zitadel.zitadel.svc:8080',
    zitadelSdkIssuer: 'https://sso.acme.example',
  });
  expect(flags).toEqual({
    zitadelIssuer: 'https://sso.acme.example',
    zitadelApi: 'http://zitadel.zitadel.svc:8080',
  });
});

it('lets flags of ours go first, and looks for users and projects in one place', async () => {
  const serverConfig = await fileWith('discovery: { discoveryKubeconfigPath: /discovery }');
  const core = await translateFormerFlags({ serverConfig, coreControlPlaneKubeconfig: '/core' });
  expect(core).toEqual({ flags: { kubeconfig: '/core' }, without: ['discoveryKubeconfigPath'] });
  const own = await translateFormerFlags({ kubeconfig: '/own', coreControlPlaneKubeconfig: '/core' });
  expect(own.flags).toEqual({ kubeconfig: '/own' });
});

it('says what is wrong with the file', async () => {
  await expect(translateFormerFlags({ serverConfig: '/nonexistent' })).rejects.toMatchObject({
    code: 'file_unreadable',
  });
  const serverConfig = await fileWith('discovery: { mode: datum }');
  await expect(translateFormerFlags({ serverConfig })).rejects.toMatchObject({ code: 'usage' });
});
