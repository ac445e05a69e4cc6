import { isDeepStrictEqual } from 'node:util';
import { DrawbridgeError } from '@drawbridge/kit';
import { stringify } from 'yaml';
import type { Chart, StackAccess } from '../settings/index.ts';
import { createProgram, type ProgramCall } from './program.ts';
import { requireVersion, type VersionRange } from './versions.ts';

/** A release as `helm list` tells it. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly status: string;
  /** Name and version, such as `openbao-0.29.2`. */
  readonly chart: string;
  /** Whether it was made for this stack. */
  readonly ours: boolean;
}

/** Helm on one cluster. */
export interface Helm {
  requireVersion(signal?: AbortSignal): Promise<string>;
  releases(signal?: AbortSignal): Promise<readonly Release[]>;
  /**
   * Installs or upgrades. A release of the same chart with the same values is left as it is, so that its hooks do not run again. Hooks are
   * waited for, workloads are not. Somebody's release is never changed: that of a shared chart is used as it is.
   *
   * @throws {DrawbridgeError} `stack_name_taken` for somebody's release, `program_failed`, `timeout`, `canceled`
   */
  install(chart: Chart, values: object, call?: ProgramCall): Promise<void>;
  /** Where it is there, and of this stack. @returns whether it was */
  uninstall(chart: Chart, call?: ProgramCall): Promise<boolean>;
}

/** Which cluster, and which stack in it. */
export interface HelmOptions extends StackAccess {
  /** Name of the stack, which its releases bear as a label. */
  readonly stack: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
  /** File that names the program while it changes something. Default none. */
  readonly underWay?: string;
}

const versions: VersionRange = { from: '3.14.0', below: '5.0.0' };
/** Chart hooks pull images and wait for a database. */
export const hooksMs = 600_000;
/** What a cut-off helm leaves behind: no other change is taken until it is gone. */
const broken = new Set(['pending-install', 'pending-upgrade', 'pending-rollback', 'uninstalling']);

/** Makes what runs Helm; values go by standard input, never as arguments or files. */
export function createHelm(options: HelmOptions): Helm {
  const { stack, kubeconfig, context, env = process.env, log, underWay } = options;
  const label = `drawbridge.internal/stack=${stack}`;
  const program = createProgram({
    name: 'helm',
    install: 'Install Helm 3 or 4: https://helm.sh/docs/intro/install/',
    env: kubeconfig === undefined ? env : { ...env, KUBECONFIG: kubeconfig },
    ...(log ? { log } : {}),
  });
  const where = context === undefined ? [] : ['--kube-context', context];
  const releases = async (signal?: AbortSignal) => {
    const args = ['list', '--all-namespaces', '--all', '--output', 'json', ...where];
    const [all, ours] = await Promise.all(
      [args, [...args, '--selector', label]].map(
        async (some) => JSON.parse(await program.run(some, signal ? { signal } : {})) as readonly Release[],
      ),
    );
    const isOurs = (one: Release) =>
      (ours ?? []).some(({ name, namespace }) => name === one.name && namespace === one.namespace);
    return (all ?? []).map((one) => ({ ...one, ours: isOurs(one) }));
  };
  const releaseOf = async ({ release, namespace }: Chart, signal?: AbortSignal) =>
    (await releases(signal)).find((one) => one.name === release && one.namespace === namespace);
  const valuesOf = async ({ release, namespace }: Chart, signal?: AbortSignal): Promise<unknown> => {
    const args = ['get', 'values', release, '--namespace', namespace, '--output', 'json', ...where];
    // `null` is what Helm says of no values.
    return JSON.parse(await program.run(args, signal ? { signal } : {})) ?? {};
  };
  const uninstall = async (chart: Chart, call: ProgramCall = {}) => {
    if (!(await releaseOf(chart, call.signal))?.ours) return false;
    const args = ['uninstall', chart.release, '--namespace', chart.namespace, '--wait', ...where];
    await program.run(args, { timeoutMs: hooksMs, ...call, underWay });
    return true;
  };
  return {
    requireVersion: (signal) =>
      requireVersion(program, ['version', '--template', '{{.Version}}'], versions, signal),
    releases,
    async install(chart, values, call = {}) {
      const former = await releaseOf(chart, call.signal);
      if (former && !former.ours) {
        if (chart.shared) return;
        throw releaseTaken(former);
      }
      if (former && broken.has(former.status)) await uninstall(chart, call);
      const { release, namespace, repository, version } = chart;
      const same = former?.status === 'deployed' && former.chart === `${chart.chart}-${version}`;
      if (same && isDeepStrictEqual(await valuesOf(chart, call.signal), plain(values))) return;
      await program.run(
        [
          ...['upgrade', release, chart.chart, '--install', '--repo', repository, '--version', version],
          ...['--namespace', namespace, '--create-namespace', '--labels', label, '--values', '-'],
          ...['--timeout', `${hooksMs / 1_000}s`, ...where],
        ],
        { ...call, stdin: stringify(values), timeoutMs: hooksMs + 30_000, underWay },
      );
    },
    uninstall,
  };
}

/** Says of somebody's release that it is in the way. */
export function releaseTaken({ name, namespace, chart }: Release): DrawbridgeError {
  return new DrawbridgeError('stack_name_taken', {
    message: `Release ${name} in ${namespace} was not made for this stack.`,
    saw: chart,
    fix: `Take another cluster, or remove it if nobody needs it: helm uninstall ${name} --namespace ${namespace}`,
  });
}

/** As it comes back from Helm: through JSON. */
function plain(values: object): unknown {
  return JSON.parse(JSON.stringify(values));
}
