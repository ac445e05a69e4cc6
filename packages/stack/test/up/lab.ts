import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenbaoEmulator, createZitadelEmulator } from '@drawbridge/emulators';
import { createHttpClient, DrawbridgeError, Secret, systemClock } from '@drawbridge/kit';
import { createOpenbao } from '@drawbridge/openbao';
import type { Manifest } from '../../src/kube/index.ts';
import type { StackKube, Workshop } from '../../src/phases/index.ts';
import { createRelay, type Relay } from '../../src/relay/index.ts';
import { type Chart, charts, names, settleStack } from '../../src/settings/index.ts';
import type { Helm, K3d, Release } from '../../src/tools/index.ts';
import { wireSignIn } from '../../src/up/index.ts';
import { relayUrls } from '../../src/values/index.ts';
import { startIngress } from '../support/ingress.ts';

/** What a lab remembers across runs, as a machine with Docker would. */
interface World {
  cluster: 'missing' | 'stopped' | 'running';
  readonly releases: Map<string, Release>;
  readonly objects: Map<string, Manifest>;
  readonly secrets: Map<string, Readonly<Record<string, Secret>>>;
  /** The pod of OpenBao runs from its installation on, sealed. */
  machineKeyMade: boolean;
  readonly done: string[];
}

/** A lab: a cluster that only keeps books, a real emulated Zitadel and OpenBao behind one port, and what goes wrong on demand. */
export interface Lab {
  readonly workshop: Workshop;
  readonly world: World;
  /** Every step that a phase takes, in order, each run appended. */
  readonly steps: string[];
  /** Called before each step: throwing there is a run that is cut off at that step. */
  before: (step: string) => void;
  /** A workshop on the same machine, for the next run. */
  again(more?: { readonly relayImage?: string | undefined }): Workshop;
  readonly openbao: ReturnType<typeof createOpenbaoEmulator>;
  readonly zitadel: ReturnType<typeof createZitadelEmulator>;
  stop(): Promise<void>;
}

/** @param more how the stack differs from the usual one */
export async function openLab(more: { readonly relayImage?: string } = {}): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-stack-'));
  const ingress = await startIngress();
  const { port } = ingress;
  const settings = settleStack({ folder, port, ...more });
  const { issuer, ssoHost, baoHost, address } = settings;
  // The same port on another address of this machine: the issuer's port is the ingress' one.
  const zitadel = createZitadelEmulator({ host: '127.0.0.2', port, domain: ssoHost });
  const relayOrigin = new URL(relayUrls.keys).origin;
  const client = createHttpClient({
    addresses: { [issuer]: address, [settings.openbao]: address, [relayOrigin]: address },
  });
  const openbao = createOpenbaoEmulator({ initialized: false, fetch: client.fetch });
  await Promise.all([zitadel.start(), openbao.start()]);
  ingress.route(baoHost, openbao.url);
  let relay: Relay | undefined;
  /** The program that the Deployment names, without its image. */
  const runRelay = async () => {
    if (relay) return;
    relay = await createRelay({ issuer, url: relayOrigin, http: client, port: 0, allowInsecure: true });
    await relay.start();
    ingress.route(new URL(relayOrigin).hostname, relay.listensAt);
  };

  const world: World = {
    cluster: 'missing',
    releases: new Map(),
    objects: new Map(),
    secrets: new Map(),
    machineKeyMade: false,
    done: [],
  };
  const steps: string[] = [];
  const lab: { before: (step: string) => void } = { before: () => undefined };
  const step = (name: string) => {
    lab.before(name);
    steps.push(name);
  };
  const require = (holds: boolean, what: string) => {
    if (!holds) throw new DrawbridgeError('stack_not_ready', { message: what });
  };
  const has = (kind: string, name: string) => world.objects.has(`${kind}/${name}`);

  const k3d: K3d = {
    requireVersion: async () => '5.9.0',
    find: async (name) =>
      world.cluster === 'missing'
        ? undefined
        : { name, serversCount: 1, serversRunning: world.cluster === 'running' ? 1 : 0 },
    async create() {
      step('k3d create');
      require(world.cluster === 'missing', 'there already');
      world.cluster = 'running';
    },
    async start() {
      step('k3d start');
      world.cluster = 'running';
    },
    async delete() {
      world.cluster = 'missing';
    },
    kubeconfig: async () => 'apiVersion: v1\nkind: Config\n',
  };
  const helm: Helm = {
    requireVersion: async () => '3.19.0',
    releases: async () => [...world.releases.values()],
    async install(chart: Chart) {
      step(`helm ${chart.release}`);
      if (chart === charts.zitadel) {
        // What the chart's hooks need; without it they hang until helm gives up.
        require(world.secrets.has(`zitadel/${names.masterkeySecret}`), 'no masterkey');
        require(world.secrets.has(`zitadel/${names.adminSecret}`), 'no password');
        require(has('Cluster', names.databaseCluster), 'no database');
        ingress.route(ssoHost, `http://127.0.0.2:${port}`);
        if (!world.machineKeyMade) {
          const key = zitadel.bootstrap.serviceAccountKey;
          world.secrets.set(`zitadel/${names.machineUser}`, {
            [`${names.machineUser}.json`]: new Secret(JSON.stringify(key)),
          });
        }
        world.machineKeyMade = true;
      }
      const { release, namespace } = chart;
      world.releases.set(release, {
        name: release,
        namespace,
        status: 'deployed',
        chart: `${chart.chart}-${chart.version}`,
        ours: true,
      });
    },
    async uninstall({ release }) {
      return world.releases.delete(release);
    },
  };
  const kube: StackKube = {
    untilAnswers: async () => step('API answers'),
    async apply(objects) {
      for (const object of objects) {
        const { kind, metadata } = object;
        step(`apply ${kind}/${metadata.name}`);
        if (kind === 'Cluster') require(world.releases.has('cnpg'), 'kind not served');
      }
      const changed = objects.some(({ kind, metadata }) => !has(kind, metadata.name));
      for (const object of objects) world.objects.set(`${object.kind}/${object.metadata.name}`, object);
      return { changed };
    },
    async withdraw(objects) {
      const gone = objects
        .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
        .filter((one) => world.objects.delete(one));
      if (gone.length > 0) step(`withdraw ${gone.join(' ')}`);
      return gone;
    },
    async keepSecret({ namespace, name }, make) {
      step(`secret ${name}`);
      require(has('Namespace', namespace), `no namespace ${namespace}`);
      const key = `${namespace}/${name}`;
      if (!world.secrets.has(key)) world.secrets.set(key, make());
    },
    readSecret: async ({ namespace, name }) => world.secrets.get(`${namespace}/${name}`),
    untilKind: async () => step('kind served'),
    untilHooksEnd: async () => step('hooks of an earlier run'),
    async untilDeployment(_namespace, name) {
      step(`deployment ${name}`);
      if (name === names.relay) await runRelay();
    },
    untilRunning: async () => step('openbao runs'),
    async untilReady() {
      step('openbao ready');
      const open = createOpenbao({ url: openbao.url });
      try {
        require(!(await open.system.sealStatus()).sealed, 'the pod is not ready: OpenBao is sealed');
      } finally {
        await open.close();
      }
    },
    untilDatabase: async () => step('database ready'),
    untilEndpoint: async () => step('database endpoint'),
    trouble: async () => undefined,
    async forward() {
      step('port-forward');
      return { url: openbao.url, close: async () => undefined };
    },
    async exec(_where, argv) {
      step('look from a pod');
      const url = argv.at(-1) ?? '';
      const isRelay = url.startsWith(relayOrigin);
      require(isRelay ? has('Service', names.relay) : has('ConfigMap', names.dnsOverrides), 'bad address');
      const response = await client.fetch(url, { redirect: 'manual' });
      return { exitCode: response.ok ? 0 : 1, stdout: await response.text(), stderr: '' };
    },
    restart: async (_namespace, deployment) => step(`restart ${deployment}`),
    async removeStaleWebhook() {
      step('stale webhook');
      return false;
    },
    close: async () => undefined,
  };
  const again: Lab['again'] = (other = {}) => {
    const { signal } = new AbortController();
    let opened = false;
    return {
      settings: { ...settings, ...other },
      k3d,
      open() {
        opened = true;
      },
      cluster() {
        if (!opened) throw new Error('no cluster was opened');
        return { kube, helm };
      },
      openOpenbao: createOpenbao,
      async look(url, options) {
        const looking = createHttpClient({ addresses: { [new URL(url).origin]: options.address } });
        try {
          const response = await looking.fetch(url, { signal: options.signal });
          return { status: response.status, body: await response.json() };
        } finally {
          await looking.close();
        }
      },
      async wireSignIn(work) {
        step('sign-in');
        return await wireSignIn(work);
      },
      signal,
      clock: systemClock,
      randomText: (length) => 'x'.repeat(length),
    };
  };
  return {
    workshop: again(),
    world,
    steps,
    get before() {
      return lab.before;
    },
    set before(next) {
      lab.before = next;
    },
    again,
    openbao,
    zitadel,
    async stop() {
      await relay?.stop();
      await Promise.all([zitadel.stop(), openbao.stop(), client.close()]);
      await ingress.stop();
      await rm(folder, { recursive: true });
    },
  };
}
