import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNetbirdEmulator, createOpenbaoEmulator, createZitadelEmulator } from '@drawbridge/emulators';
import { createHttpClient, type Secret } from '@drawbridge/kit';
import { createCluster } from '@drawbridge/kubernetes';
import { createNetbird } from '@drawbridge/netbird';
import { createOpenbao } from '@drawbridge/openbao';
import { type DoctorPatient, inspectPeer } from '@drawbridge/stack';
import {
  createTokenSource,
  createZitadel,
  parseApplicationKey,
  parseServiceAccount,
  type ServiceAccount,
} from '@drawbridge/zitadel';
import { makeAuthority } from '../../../kit/test/support/authority.ts';
import { serveAnswers } from './answers.ts';

const inAYear = () => new Date(Date.now() + 365 * 86_400_000);

const trustPath = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication';
const servicesPath = '/apis/apiregistration.k8s.io/v1/apiservices';

/** Everything that the doctor looks at, emulated and well. */
export async function openWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-doctor-'));
  const emulator = createZitadelEmulator({ outboundDenyList: [] });
  await emulator.start();
  const { issuer } = emulator;
  const { organizationId, serviceAccountKey } = emulator.bootstrap;
  const http = createHttpClient({ timeoutMs: 2_000 });
  const keyPath = join(folder, 'key.json');
  await writeFile(keyPath, JSON.stringify(serviceAccountKey), { mode: 0o600 });
  const account = parseServiceAccount(JSON.stringify(serviceAccountKey));
  const zitadel = createZitadel({ issuer, http, credentials: account });
  const { id: projectId } = await zitadel.projects.create({ organizationId, name: 'Bridge' });

  const applicationOf = async (project: string, name: string) => {
    const { id } = await zitadel.applications.create({
      projectId: project,
      name,
      apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
    });
    return (await zitadel.applications.createKey(project, id, inAYear())).expose();
  };
  const applicationKey = await applicationOf(projectId, 'introspection');

  /** A machine, whose tokens are JWTs; with no role anywhere. */
  const machine = async (name: string) => {
    const { id } = await zitadel.users.create({
      organizationId,
      machine: { name, accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
    });
    const { keyId, keyFile } = await zitadel.users.addKey(id, { expiresAt: inAYear() });
    return { id, keyId, account: parseServiceAccount(keyFile?.expose() ?? '') };
  };
  const tokenFor = async (who: ServiceAccount, audience: string) => {
    const source = createTokenSource({
      issuer,
      credentials: who,
      fetch: http.fetch,
      scope: `openid urn:zitadel:iam:org:project:id:${audience}:aud`,
    });
    const token = await source.get();
    source.close();
    return token;
  };
  const person = await machine('person');

  const openbaoEmulator = createOpenbaoEmulator();
  await openbaoEmulator.start();
  const { url, bootstrap } = openbaoEmulator;
  const openbao = createOpenbao({ url, token: bootstrap.rootToken });
  await openbao.auth.enable('jwt', { type: 'jwt' });
  const writeMethod = (boundIssuer = issuer) =>
    openbao.jwt().writeConfig({ keys: { from: 'discovery', url: issuer }, boundIssuer });
  await writeMethod();
  const writeRole = (boundAudiences: readonly string[] = [projectId]) =>
    openbao.jwt().writeRole('harmony-developer', {
      boundAudiences,
      boundSubject: person.id,
      clockSkewSeconds: 30,
      expirationLeewaySeconds: -1,
      notBeforeLeewaySeconds: -1,
      policies: ['default'],
    });
  await writeRole();

  const netbirdEmulator = createNetbirdEmulator();
  await netbirdEmulator.start();
  const netbirdOf = (token: Secret) => createNetbird({ url: netbirdEmulator.url, token, totalMs: 2_000 });

  const directory = await serveAnswers();
  directory.answers.set('/livez', { status: 'ok' });
  directory.answers.set('/readyz', { status: 'ok', checks: { database: 'ok' } });
  directory.answers.set(
    '/metrics',
    () =>
      `drawbridge_events_received_total{instance="1",outcome="stored"} ${directory.posted.filter((path) => path === '/webhooks').length}\n`,
  );
  const { id: targetId } = await zitadel.actions.createTarget({
    name: 'drawbridge-directory',
    endpoint: `${directory.url}/webhooks`,
    kind: 'webhook',
    timeoutMs: 5_000,
  });
  await zitadel.actions.updateTarget(targetId, { timeoutMs: 5_001 });
  await zitadel.actions.setExecution({ event: { event: 'target.changed' } }, [targetId]);

  const kube = await serveAnswers();
  const setTrust = (data: Readonly<Record<string, string>>) =>
    kube.answers.set(trustPath, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'extension-apiserver-authentication', uid: '1', resourceVersion: '1' },
      data,
    });
  const trust = {
    'requestheader-client-ca-file': (await makeAuthority('front-proxy-ca', 365 * 86_400_000)).pem,
    'requestheader-allowed-names': '["front-proxy-client"]',
    // As kube-apiserver writes it although it sends user ids.
    'requestheader-uid-headers': '[]',
  };
  const setService = (condition: object, spec: object = {}) =>
    kube.answers.set(servicesPath, {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIServiceList',
      metadata: { resourceVersion: '1' },
      items: [
        {
          apiVersion: 'apiregistration.k8s.io/v1',
          kind: 'APIService',
          metadata: { name: 'v1alpha1.identity.miloapis.com', uid: '2', resourceVersion: '1' },
          spec: { group: 'identity.miloapis.com', ...spec },
          status: { conditions: [{ type: 'Available', ...condition }] },
        },
      ],
    });
  kube.answers.set('/version', { major: '1', minor: '34' });
  setTrust(trust);
  setService({ status: 'True' });
  const clusterAt = (server: string) => {
    const cluster = createCluster({ access: { server, credentials: async () => ({}) }, totalMs: 2_000 });
    closing.push(() => cluster.close());
    return async () => cluster;
  };
  const closing: (() => Promise<unknown>)[] = [];

  /** Somebody in good health, with what a test plants. The authority of the front proxy is a test's and short-lived. */
  const patient = (planted: Partial<DoctorPatient> = {}): DoctorPatient => ({
    issuer,
    address: undefined,
    fetch: http.fetch,
    signal: AbortSignal.timeout(30_000),
    now: () => Date.now(),
    keyPath,
    keyPlace: keyPath,
    loadKey: async () => account,
    zitadel: async () => zitadel,
    skewMs: undefined,
    lookup: async () => ['127.0.0.1'],
    inspectPeer,
    projectId,
    application: async () => parseApplicationKey(applicationKey),
    projectToken: () => tokenFor(person.account, projectId),
    directory: directory.url,
    databaseUrl: undefined,
    openbao: {
      client: openbao,
      hasToken: true,
      mount: 'jwt',
      role: 'harmony-developer',
      jwt: () => tokenFor(person.account, projectId),
    },
    netbird: async () => netbirdOf(netbirdEmulator.bootstrap.token),
    cluster: clusterAt(kube.url),
    mayProbe: true,
    probeMs: 5_000,
    ...planted,
  });

  return {
    folder,
    emulator,
    issuer,
    http,
    account,
    zitadel,
    organizationId,
    projectId,
    applicationOf,
    machine,
    tokenFor,
    openbaoEmulator,
    openbao,
    writeMethod,
    writeRole,
    netbirdEmulator,
    netbirdOf,
    directory,
    targetId,
    kube,
    trust,
    setTrust,
    setService,
    clusterAt,
    patient,
    async close() {
      for (const close of closing) await close();
      await Promise.all([directory.close(), kube.close()]);
      await openbao.close();
      await openbaoEmulator.stop();
      await netbirdEmulator.stop();
      await zitadel.close();
      await http.close();
      await emulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;
