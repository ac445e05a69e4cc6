import { stringify } from 'yaml';
import { createProgram, type ProgramCall } from './program.ts';
import { requireVersion, type VersionRange } from './versions.ts';

/** A cluster as `k3d cluster list` tells it. */
export interface K3dCluster {
  readonly name: string;
  readonly serversCount: number;
  readonly serversRunning: number;
}

/** k3d on this machine. */
export interface K3d {
  requireVersion(signal?: AbortSignal): Promise<string>;
  find(name: string, signal?: AbortSignal): Promise<K3dCluster | undefined>;
  /** @param config as k3d's configuration file has it */
  create(config: object, call?: ProgramCall): Promise<void>;
  start(name: string, call?: ProgramCall): Promise<void>;
  delete(name: string, call?: ProgramCall): Promise<void>;
  /** Its kubeconfig, which holds an administrator's key. */
  kubeconfig(name: string, signal?: AbortSignal): Promise<string>;
}

const versions: VersionRange = { from: '5.6.0', below: '6.0.0' };
/** The first time images are pulled. */
const createMs = 300_000;

/** How it is run. */
export interface K3dOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
  /** File that names the program while it changes something. Default none. */
  readonly underWay?: string;
}

/** Makes what runs k3d. */
export function createK3d({ env = process.env, log, underWay }: K3dOptions = {}): K3d {
  const program = createProgram({
    name: 'k3d',
    install: 'Install k3d 5 (https://k3d.io) and Docker, or name a cluster that is there: --context NAME.',
    env,
    ...(log ? { log } : {}),
  });
  const withSignal = (signal?: AbortSignal) => (signal ? { signal } : {});
  return {
    requireVersion: (signal) => requireVersion(program, ['version'], versions, signal),
    async find(name, signal) {
      const listed = await program.run(['cluster', 'list', '--output', 'json'], withSignal(signal));
      const all = (JSON.parse(listed) ?? []) as readonly K3dCluster[];
      return all.find((one) => one.name === name);
    },
    async create(config, call) {
      await program.run(['cluster', 'create', '--config', '-'], {
        timeoutMs: createMs,
        ...call,
        stdin: stringify(config),
        underWay,
      });
    },
    async start(name, call) {
      await program.run(['cluster', 'start', name, '--wait'], { timeoutMs: createMs, ...call, underWay });
    },
    async delete(name, call) {
      await program.run(['cluster', 'delete', name], { timeoutMs: createMs, ...call, underWay });
    },
    kubeconfig: (name, signal) => program.run(['kubeconfig', 'get', name], withSignal(signal)),
  };
}
