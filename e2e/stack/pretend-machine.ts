import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createOpenbaoEmulator, createZitadelEmulator } from '@drawbridge/emulators';
import { createHttpClient } from '@drawbridge/kit';
import { createOpenbao } from '@drawbridge/openbao';
import { webSocketStreams } from '../../packages/stack/test/kube/support/web-socket-streams.ts';
import { startIngress } from '../../packages/stack/test/support/ingress.ts';
import { type Running, startDrawbridge } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { Pauses } from './pauses.ts';
import { type PretendCluster, type Said, startPretendCluster } from './pretend-cluster.ts';

/** The parts of a stack, in their order; the machine can be held in each. */
export const parts = [
  'cluster',
  'postgres',
  'database',
  'zitadel',
  'openbao',
  'network',
  'ready',
  'sign-in',
] as const;

/** One call of a program that is only pretended. */
export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

/** A machine with k3d, Helm and what they would bring up, none of it real but the emulated Zitadel and OpenBao behind one port. */
export interface PretendMachine {
  /** For commands on it. */
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly folder: string;
  readonly calls: readonly ProgramCall[];
  /** How many of its programs run now. */
  readonly programs: number;
  readonly cluster: PretendCluster;
  /** What it can be held at, one point in each part of a stack. */
  readonly pauses: Pauses<MachinePause>;
  readonly openbao: ReturnType<typeof createOpenbaoEmulator>;
  readonly zitadel: ReturnType<typeof createZitadelEmulator>;
  /** Whether k3d's cluster runs. One that k3d was cut off making has no server, starts no more, and stands in the way of another. */
  k3d: 'missing' | 'half made' | 'stopped' | 'running';
  /** Lets a device in, as that person would in a browser. */
  approve(code: string, person: { readonly loginName: string; readonly password: string }): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Where each part can be held: `cluster` with a cluster that is half made, `network` when a pod is to look at a name, `ready` when this
 * machine does; `openbao` and `sign-in` after a key was taken and an application was made, before anybody is told; `down` before the
 * cluster is gone.
 */
export type MachinePause = (typeof parts)[number] | 'down';

export interface PretendMachineOptions {
  /** Whether CoreDNS of the cluster reads `coredns-custom`, as that of k3s does. Default true. */
  readonly importsNames?: boolean;
  /** Factor of the times that things take in the cluster. Default 1. */
  readonly pace?: number;
}

/**
 * Asks whoever pretends what to say, and says it. Helm writes down when it is asked to end; k3d just ends. There are many of them in a run:
 * `fetch` would take each three times as long.
 */
const program = (name: string) => `#!${process.execPath}
const { request } = require('node:http');
const { text } = require('node:stream/consumers');
const args = process.argv.slice(2);
const tell = (more, hear) =>
  request(process.env.PRETEND_URL, { method: 'POST' }, (answer) => text(answer).then(hear))
    .end(JSON.stringify({ program: ${JSON.stringify(name)}, args, ...more }));
if (${name === 'helm'})
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => tell({ canceled: true }, () => process.exit(1)));
(async () => {
  const stdin = args.includes('-') ? await text(process.stdin) : '';
  tell({ stdin }, (said) => {
    const { stdout = '', stderr = '', code = 0 } = JSON.parse(said);
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    process.exitCode = code;
  });
})();
`;

/** How the one that pods have says who it is; what is outside says something else. */
const wget = 'Wget';

export async function startPretendMachine({
  importsNames = true,
  pace = 1,
}: PretendMachineOptions = {}): Promise<PretendMachine> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-stack-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const name of ['k3d', 'helm']) {
    await writeFile(join(bin, name), program(name));
    await chmod(join(bin, name), 0o755);
  }
  const pauses = new Pauses<MachinePause>();
  const ingress = await startIngress({
    async answered({ url = '', headers }) {
      if (url === '/v1/sys/health' && headers['user-agent'] !== wget) await pauses.pass('ready');
      if (url.endsWith('/CreateApplication')) await pauses.pass('sign-in');
    },
  });
  // What a forwarded port leads to: past the ingress.
  const forwarded = await startIngress({
    async answered({ url }) {
      if (url === '/v1/sys/unseal') await pauses.pass('openbao');
    },
  });
  const { port } = ingress;
  const [sso, bao] = ['sso.harmony.local', 'bao.harmony.local'];
  const issuer = `http://${sso}:${port}`;
  // The issuer's port is that of the ingress: the same number on another address of this machine.
  const zitadel = createZitadelEmulator({ host: '127.0.0.2', port, domain: sso });
  const address = `127.0.0.1:${port}`;
  const relay = 'drawbridge-relay.zitadel.svc.cluster.local';
  const inside = createHttpClient({
    addresses: { [issuer]: address, [`http://${bao}:${port}`]: address, [`http://${relay}:8080`]: address },
  });
  const openbao = createOpenbaoEmulator({ initialized: false, fetch: inside.fetch });
  await Promise.all([zitadel.start(), openbao.start()]);
  forwarded.route('127.0.0.1', openbao.url);

  const streams = webSocketStreams({
    async run({ argv }) {
      const url = argv.at(-1) ?? '';
      const { host, hostname } = new URL(url);
      const isKnown = hostname === relay || (importsNames && cluster.find('ConfigMap', 'coredns-custom'));
      if (!isKnown) return { exitCode: 1, stderr: `wget: bad address '${host}'\n` };
      await pauses.pass('network');
      const response = await inside.fetch(url, { headers: { 'user-agent': wget } });
      return { exitCode: response.ok ? 0 : 1, stdout: await response.text() };
    },
    portOf: (_pod, wanted) => (wanted === 8_200 ? forwarded.port : undefined),
  });
  const isSealed = async () => {
    const client = createOpenbao({ url: openbao.url });
    try {
      return (await client.system.health()).state !== 'active';
    } finally {
      await client.close();
    }
  };
  const running: Running[] = [];
  const cluster = await startPretendCluster({
    async run(args) {
      const own = String(await freePort());
      // In the cluster by names that this machine does not have.
      const mapped = args.map((one) =>
        one.startsWith('--zitadel-api=') ? `--zitadel-api=127.0.0.2:${port}` : one,
      );
      running.push(await startDrawbridge([...mapped, '--host', '127.0.0.1', '--port', own]));
      ingress.route(relay, `http://127.0.0.1:${own}`);
    },
    upgrade: streams.upgrade,
    isSealed,
    pauses,
    pace,
    machineKey: JSON.stringify(zitadel.bootstrap.serviceAccountKey),
    onInstalled: (release) => {
      if (release === 'zitadel') ingress.route(sso, `http://127.0.0.2:${port}`);
      if (release === 'openbao') ingress.route(bao, openbao.url);
    },
  });

  const calls: ProgramCall[] = [];
  const state: { k3d: PretendMachine['k3d'] } = { k3d: 'missing' };
  const k3d = async ([group = '', verb = '']: readonly string[], cut: AbortSignal): Promise<Said> => {
    if (group === 'version') return { stdout: 'k3d version v5.9.0\nk3s version v1.34.1-k3s1 (default)\n' };
    if (state.k3d === 'half made' && (group === 'kubeconfig' || verb === 'create' || verb === 'start'))
      return { code: 1, stderr: 'FATA[0000] cluster drawbridge exists and has no server nodes\n' };
    if (group === 'kubeconfig') return { stdout: cluster.kubeconfig };
    if (verb === 'create') {
      state.k3d = 'half made';
      await pauses.pass('cluster');
      if (!cut.aborted) state.k3d = 'running';
    }
    if (verb === 'start') state.k3d = 'running';
    if (verb === 'delete') {
      await pauses.pass('down');
      state.k3d = 'missing';
    }
    if (verb !== 'list') return {};
    const serversRunning = state.k3d === 'running' ? 1 : 0;
    const serversCount = state.k3d === 'half made' ? 0 : 1;
    const one = { name: 'drawbridge', serversCount, serversRunning };
    return { stdout: JSON.stringify(state.k3d === 'missing' ? [] : [one]) };
  };
  let programs = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const cut = new AbortController();
    programs += 1;
    response.once('close', () => {
      programs -= 1;
      if (!response.writableFinished) cut.abort();
    });
    let text = '';
    for await (const piece of request) text += String(piece);
    const { canceled, ...call } = JSON.parse(text) as ProgramCall & { readonly canceled?: true };
    const { args, stdin } = call;
    if (canceled) cluster.cancelHelm(args);
    else calls.push(call);
    const said =
      call.program === 'k3d'
        ? await k3d(args, cut.signal)
        : await cluster.helm(canceled ? [] : args, stdin, cut.signal);
    response.end(JSON.stringify(said));
  };
  const control = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  const pretendUrl = `http://127.0.0.1:${(control.address() as AddressInfo).port}`;
  return {
    env: {
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      HOME: folder,
      DRAWBRIDGE_DATA_DIR: join(folder, 'home'),
      DRAWBRIDGE_STACK_PORT: String(port),
      DRAWBRIDGE_KEYRING: 'false',
      PRETEND_URL: pretendUrl,
    },
    port,
    folder,
    calls,
    get programs() {
      return programs;
    },
    cluster,
    pauses,
    openbao,
    zitadel,
    get k3d() {
      return state.k3d;
    },
    set k3d(next) {
      state.k3d = next;
    },
    async approve(code, { loginName, password }) {
      const body = new URLSearchParams({ user_code: code, loginName, password, action: 'allow' });
      const page = `${issuer}/ui/login/device`;
      const response = await inside.fetch(page, { method: 'POST', body, redirect: 'manual' });
      await response.text();
      return response.status;
    },
    async stop() {
      control.closeAllConnections();
      await new Promise((resolve) => control.close(resolve));
      streams.cut();
      await cluster.stop();
      for (const one of running) await one.kill('SIGTERM');
      await Promise.all([zitadel.stop(), openbao.stop(), inside.close()]);
      await Promise.all([ingress.stop(), forwarded.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
