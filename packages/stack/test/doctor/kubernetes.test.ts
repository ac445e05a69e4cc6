import type { DoctorPatient } from '@drawbridge/stack';
import { onTestFinished } from 'vitest';
import { makeAuthority } from '../../../kit/test/support/authority.ts';
import { closedOrigin } from '../../../kit/test/support/loopback.ts';
import { describePlanted, useWorld } from './planted.ts';

const world = useWorld();
const day = 86_400_000;
const hour = 3_600_000;

function trusting(planted: Readonly<Record<string, string>>): Partial<DoctorPatient> {
  world().setTrust({ ...world().trust, ...planted });
  onTestFinished(() => void world().setTrust(world().trust));
  return {};
}

describePlanted(world, [
  {
    fault: 'kube-apiserver does not reach the identity API',
    plant: () => {
      world().setService({ status: 'False', reason: 'FailedDiscoveryCheck', message: 'connection refused' });
      onTestFinished(() => void world().setService({ status: 'True' }));
      return {};
    },
    check: 'registration',
    says: /is not available: FailedDiscoveryCheck/,
    remedy: /^kubectl describe apiservice v1alpha1\.identity\.miloapis\.com$/,
  },
  {
    fault: 'the kubeconfig leads to something else',
    plant: () => ({ cluster: world().clusterAt(world().directory.url) }),
    check: 'registration',
    says: /no kube-apiserver/,
    remedy: /--kubeconfig/,
  },
  {
    fault: 'the cluster is not reached',
    plant: async () => ({ cluster: world().clusterAt(await closedOrigin()) }),
    check: 'registration',
    says: /cannot be reached/,
    remedy: /kubectl reaches the cluster/,
  },
  {
    fault: "kube-apiserver does not look at the identity API's certificate",
    plant: () => {
      world().setService({ status: 'True' }, { insecureSkipTLSVerify: true });
      onTestFinished(() => void world().setService({ status: 'True' }));
      return {};
    },
    check: 'registration',
    state: 'warn',
    says: /does not look at the certificate/,
    remedy: /caBundle/,
  },
  {
    fault: 'S35 the cluster names nobody as its front proxy',
    plant: () => trusting({ 'requestheader-allowed-names': '[]' }),
    check: 'front proxy',
    says: /names nobody/,
    remedy: /--requestheader-allowed-names/,
  },
  {
    fault: 'the authority of the front proxy ends within days',
    plant: async () =>
      trusting({ 'requestheader-client-ca-file': (await makeAuthority('old', 5 * day + hour)).pem }),
    check: 'front proxy',
    state: 'warn',
    says: /ends in 5 days/,
    remedy: /renew front-proxy-ca/,
  },
  {
    fault: 'S38 kube-apiserver sends no user ids',
    plant: () => {
      world().kube.answers.set('/version', { major: '1', minor: '32+' });
      onTestFinished(() => void world().kube.answers.set('/version', { major: '1', minor: '34' }));
      return {};
    },
    check: 'user ids',
    state: 'warn',
    says: /sends no user ids/,
    remedy: /--uid-from-username/,
  },
]);
