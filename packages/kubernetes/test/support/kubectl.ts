import { execFile } from 'node:child_process';
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A kubectl of this machine. */
export interface Kubectl {
  readonly path: string;
  /** Second number of its version. */
  readonly minor: number;
}

/**
 * The programs to test with: that of `KUBEBUILDER_ASSETS`, and the machine's own. On CI there has to be one, since Debian has it.
 */
export async function findKubectls(): Promise<readonly Kubectl[]> {
  const { KUBEBUILDER_ASSETS, PATH = '', CI } = process.env;
  const folders = [KUBEBUILDER_ASSETS, ...PATH.split(delimiter)].filter((folder) => folder !== undefined);
  const found = new Map<number, Kubectl>();
  for (const path of folders.map((folder) => join(folder, 'kubectl'))) {
    const minor = await minorOf(path);
    if (minor !== undefined && !found.has(minor)) found.set(minor, { path, minor });
  }
  if (found.size === 0 && CI) throw new Error('kubectl is not here; Debian has it as kubernetes-client.');
  return [...found.values()];
}

async function minorOf(path: string): Promise<number | undefined> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await run(path, ['version', '--client', '-o', 'json']);
    const { clientVersion } = JSON.parse(stdout) as { readonly clientVersion: { readonly minor: string } };
    return Number.parseInt(clientVersion.minor, 10);
  } catch {
    return undefined; // not there, or of another kind
  }
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a kubectl for one user against one server. */
export interface KubectlSession {
  run(...args: readonly string[]): Promise<Ended>;
  /** The same with something on its standard input. */
  runWith(input: string, ...args: readonly string[]): Promise<Ended>;
  close(): Promise<void>;
}

export async function kubectlSession(
  { path }: Kubectl,
  { server, ca, token }: { readonly server: string; readonly ca: string; readonly token: string },
): Promise<KubectlSession> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-kubectl-'));
  const kubeconfig = join(folder, 'config');
  const name = 'test';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  await writeFile(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  const start = async (input: string | undefined, args: readonly string[]): Promise<Ended> => {
    const running = run(path, ['--kubeconfig', kubeconfig, '--cache-dir', join(folder, 'cache'), ...args], {
      env: { HOME: folder, PATH: '/nonexistent' },
      timeout: 25_000,
    });
    running.child.stdin?.end(input ?? '');
    try {
      return { code: 0, ...(await running) };
    } catch (error) {
      const { code = 1, stdout = '', stderr = '' } = error as Partial<Ended>;
      return { code, stdout, stderr };
    }
  };
  return {
    run: (...args) => start(undefined, args),
    runWith: (input, ...args) => start(input, args),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
