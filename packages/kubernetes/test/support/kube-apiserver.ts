import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Folder with `etcd` and `kube-apiserver`, as `setup-envtest` names it. Suites on a real kube-apiserver run where it is given. */
export const kubeAssets = process.env.KUBEBUILDER_ASSETS;

export interface KubeApiserverOptions {
  /** Further flags, such as those of a webhook or of the front proxy. */
  readonly flags?: readonly string[];
  /** Also runs kube-controller-manager's controllers of these names, where the folder has the program. */
  readonly controllers?: readonly string[];
  /** Users beside the administrator: token → name and groups. */
  readonly users?: Readonly<
    Record<string, { readonly name: string; readonly groups?: readonly string[]; readonly uid?: string }>
  >;
  /** Where the processes' logs go, at the end of the folder's life too. Default nowhere. */
  readonly log?: (program: string, text: string) => void;
}

/** A real kube-apiserver on etcd, both thrown away at the end. */
export interface KubeApiserver {
  readonly url: string;
  /** PEM of what its certificate is checked against. */
  readonly ca: string;
  /** Of an administrator, in `system:masters`. */
  readonly token: string;
  /** Ends kube-apiserver and starts it again on the same data and port, with other flags than it was given. */
  restart(flags: readonly string[]): Promise<void>;
  /** Writes a kubeconfig for a token and returns its path. */
  kubeconfig(token?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startKubeApiserver(options: KubeApiserverOptions = {}): Promise<KubeApiserver> {
  if (kubeAssets === undefined) throw new Error('KUBEBUILDER_ASSETS is not set');
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-kube-apiserver-'));
  const [client, peer, port] = await freePorts(3);
  const token = randomBytes(16).toString('hex');
  const users = { [token]: { name: 'admin', groups: ['system:masters'] }, ...options.users };
  await writeFile(join(folder, 'tokens.csv'), Object.entries(users).map(tokenLine).join(''), { mode: 0o600 });
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await writeFile(join(folder, 'sa.key'), keys.privateKey, { mode: 0o600 });
  await writeFile(join(folder, 'sa.pub'), keys.publicKey);
  const programs: Program[] = [];
  const stop = async () => {
    for (const program of programs.toReversed()) await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const run = (name: string, args: readonly string[]) => {
    const program = startProgram(join(kubeAssets, name), args, options.log);
    programs.push(program);
    return program;
  };
  try {
    run('etcd', [
      `--data-dir=${folder}/etcd`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ]);
    const serve = (flags: readonly string[]) =>
      run('kube-apiserver', [
        `--etcd-servers=http://127.0.0.1:${client}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${port}`,
        `--cert-dir=${folder}/certificates`,
        '--service-cluster-ip-range=10.0.0.0/24',
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${folder}/sa.pub`,
        `--service-account-signing-key-file=${folder}/sa.key`,
        `--token-auth-file=${folder}/tokens.csv`,
        '--authorization-mode=RBAC',
        '--disable-admission-plugins=ServiceAccount',
        '--enable-priority-and-fairness=false',
        ...flags,
      ]);
    let apiserver = serve(options.flags ?? []);
    const url = `https://127.0.0.1:${port}`;
    const certificate = join(folder, 'certificates/apiserver.crt');
    const ca = await ready(url, certificate, token, apiserver);
    const restart = async (flags: readonly string[]) => {
      await apiserver.stop();
      apiserver = serve(flags);
      await ready(url, certificate, token, apiserver);
    };
    const kubeconfig = async (as = token) => {
      const path = join(folder, `kubeconfig-${randomBytes(4).toString('hex')}`);
      await writeFile(path, kubeconfigOf(url, ca, as), { mode: 0o600 });
      return path;
    };
    if (options.controllers) {
      run('kube-controller-manager', [
        `--kubeconfig=${await kubeconfig()}`,
        '--leader-elect=false',
        '--secure-port=0',
        `--controllers=${options.controllers.join(',')}`,
      ]);
    }
    return { url, ca, token, restart, kubeconfig, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether the folder has a program beyond the two that are always there. */
export async function hasAsset(name: string): Promise<boolean> {
  if (kubeAssets === undefined) return false;
  return await access(join(kubeAssets, name)).then(
    () => true,
    () => false,
  );
}

interface Program {
  /** Why it ended, if it has. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

function startProgram(path: string, args: readonly string[], log: KubeApiserverOptions['log']): Program {
  const child: ChildProcess = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let last = '';
  let ended: string | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (piece: Buffer) => {
      last = (last + piece.toString()).slice(-4_000);
      log?.(path.split('/').at(-1) ?? path, piece.toString());
    });
  const exit = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended = String(error);
      resolve();
    });
    child.once('exit', (code, signal) => {
      ended = `${path} ended with ${code ?? signal}:\n${last}`;
      resolve();
    });
  });
  return {
    ended: () => ended,
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exit;
      clearTimeout(late);
    },
  };
}

/** Waits until kube-apiserver has made its certificate and says that it is ready. */
async function ready(url: string, certificate: string, token: string, program: Program): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const ended = program.ended();
    if (ended !== undefined) throw new Error(ended);
    const ca = await readFile(certificate, 'utf8').catch(() => undefined);
    if (ca !== undefined && (await status(`${url}/readyz`, ca, token)) === 200) return ca;
    await sleep(100);
  }
  throw new Error('kube-apiserver was not ready within a minute');
}

function status(url: string, ca: string, token: string): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      url,
      { ca, agent: false, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', () => resolve(0));
    sent.end();
  });
}

function tokenLine([token, { name, groups = [], uid = name }]: [
  string,
  { readonly name: string; readonly groups?: readonly string[]; readonly uid?: string },
]): string {
  return `${token},${name},${uid},"${groups.join(',')}"\n`;
}

function kubeconfigOf(server: string, ca: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
