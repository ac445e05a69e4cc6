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
import { type PretendCluster, startPretendCluster } from './pretend-cluster.ts';

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
  readonly cluster: PretendCluster;
  readonly openbao: ReturnType<typeof createOpenbaoEmulator>;
  readonly zitadel: ReturnType<typeof createZitadelEmulator>;
  /** Whether k3d's cluster runs. */
  k3d: 'missing' | 'stopped' | 'running';
  /** Lets a device in, as that person would in a browser. */
  approve(code: string, person: { readonly loginName: string; readonly password: string }): Promise<number>;
  stop(): Promise<void>;
}

/** Asks whoever pretends what to say, and says it. */
const program = (name: string) => `#!${process.execPath}
(async () => {
  const args = process.argv.slice(2);
  let stdin = '';
  if (args.includes('-')) for await (const piece of process.stdin) stdin += piece;
  const body = JSON.stringify({ program: ${JSON.stringify(name)}, args, stdin });
  const answer = await fetch(process.env.PRETEND_URL, { method: 'POST', body });
  const { stdout = '', stderr = '', code = 0 } = await answer.json();
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
})();
`;

export async function startPretendMachine(): Promise<PretendMachine> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-stack-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const name of ['k3d', 'helm']) {
    await writeFile(join(bin, name), program(name));
    await chmod(join(bin, name), 0o755);
  }
  const ingress = await startIngress();
  const { port } = ingress;
  const [sso, bao] = ['sso.harmony.local', 'bao.harmony.local'];
  const issuer = `http://${sso}:${port}`;
  // The issuer's port is that of the ingress: the same number on another address of this machine.
  const zitadel = createZitadelEmulator({ host: '127.0.0.2', port, domain: sso });
  const address = `127.0.0.1:${port}`;
  const inside = createHttpClient({ addresses: { [issuer]: address, [`http://${bao}:${port}`]: address } });
  const openbao = createOpenbaoEmulator({ initialized: false, fetch: inside.fetch });
  await Promise.all([zitadel.start(), openbao.start()]);

  const streams = webSocketStreams({
    async run({ argv }) {
      const names = cluster.find('ConfigMap', 'coredns-custom');
      if (!names) return { exitCode: 1, stderr: `wget: bad address '${sso}:${port}'\n` };
      const response = await inside.fetch(argv.at(-1) ?? '');
      return { exitCode: response.ok ? 0 : 1, stdout: await response.text() };
    },
    portOf: (_pod, wanted) => (wanted === 8_200 ? Number(new URL(openbao.url).port) : undefined),
  });
  const isSealed = async () => {
    const client = createOpenbao({ url: openbao.url });
    try {
      return (await client.system.health()).state !== 'active';
    } finally {
      await client.close();
    }
  };
  const cluster = await startPretendCluster({
    upgrade: streams.upgrade,
    isSealed,
    machineKey: JSON.stringify(zitadel.bootstrap.serviceAccountKey),
    onInstalled: (release) => {
      if (release === 'zitadel') ingress.route(sso, `http://127.0.0.2:${port}`);
      if (release === 'openbao') ingress.route(bao, openbao.url);
    },
  });

  const calls: ProgramCall[] = [];
  const state: { k3d: PretendMachine['k3d'] } = { k3d: 'missing' };
  const k3d = ([group = '', verb = '']: readonly string[]) => {
    if (group === 'version') return { stdout: 'k3d version v5.9.0\nk3s version v1.34.1-k3s1 (default)\n' };
    if (group === 'kubeconfig') return { stdout: cluster.kubeconfig };
    if (verb === 'create' || verb === 'start') state.k3d = 'running';
    if (verb === 'delete') state.k3d = 'missing';
    if (verb !== 'list') return {};
    const serversRunning = state.k3d === 'running' ? 1 : 0;
    const one = { name: 'drawbridge', serversCount: 1, serversRunning };
    return { stdout: JSON.stringify(state.k3d === 'missing' ? [] : [one]) };
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const piece of request) text += String(piece);
    const call = JSON.parse(text) as ProgramCall;
    calls.push(call);
    const said = call.program === 'k3d' ? k3d(call.args) : await cluster.helm(call.args, call.stdin);
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
    cluster,
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
      await Promise.all([zitadel.stop(), openbao.stop(), inside.close()]);
      await ingress.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
