import { DrawbridgeError, writeFileAtomic } from '@drawbridge/kit';
import { isHalfMade, type PhaseName, phases } from '../phases/index.ts';
import { accessOf, type Chart, charts, type StackSettings, stackFiles } from '../settings/index.ts';
import { createHelm, createK3d, type Release, releaseTaken } from '../tools/index.ts';
import { readStackState } from './state.ts';

/** What was found of a stack before anything is done. */
export interface StackSeen {
  readonly cluster: 'missing' | 'stopped' | 'running';
  /** What is installed, by `namespace/release`. */
  readonly releases: ReadonlyMap<string, Release>;
  /** What keeps it from being made: programs that are missing or of another version, and what others made under the same names. */
  readonly problems: readonly DrawbridgeError[];
}

/** One line of a plan. */
export interface PlannedPart {
  readonly phase: PhaseName;
  /** `make` what is not there, `change` what is of another version, `start` what is stopped, `check` what is looked at and finished. */
  readonly action: 'make' | 'change' | 'start' | 'check' | 'keep';
  readonly about: string;
  readonly note?: string;
}

/** Looks at what there is, and changes nothing in a cluster. */
export async function seeStack(
  settings: StackSettings,
  { env, signal }: { readonly env?: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<StackSeen> {
  const { context, name } = settings;
  const k3d = createK3d(env ? { env } : {});
  const helm = createHelm({ ...accessOf(settings), stack: name, ...(env ? { env } : {}) });
  const checks = [
    ...(context === undefined ? [() => k3d.requireVersion(signal)] : []),
    () => helm.requireVersion(signal),
  ];
  const problems: DrawbridgeError[] = [];
  for (const check of checks) {
    try {
      await check();
    } catch (caught) {
      const error = DrawbridgeError.from(caught);
      if (error.code !== 'program_missing' && error.code !== 'program_too_old') throw error;
      problems.push(error);
    }
  }
  const nothing = { releases: new Map<string, Release>(), problems };
  if (problems.length > 0) return { cluster: context === undefined ? 'missing' : 'running', ...nothing };
  if (context === undefined) {
    const found = await k3d.find(name, signal);
    if (!found || (await isHalfMade(settings))) return { cluster: 'missing', ...nothing };
    if (!(await readStackState(settings.folder)))
      return { cluster: 'running', ...nothing, problems: [clusterTaken(name)] };
    if (found.serversRunning < found.serversCount) return { cluster: 'stopped', ...nothing };
    const path = stackFiles(settings).kubeconfig;
    await writeFileAtomic(path, await k3d.kubeconfig(name, signal), { mode: 0o600 });
  }
  const list = await helm.releases(signal);
  const releases = new Map(list.map((one) => [`${one.namespace}/${one.name}`, one]));
  for (const chart of [charts.zitadel, charts.openbao]) {
    const there = releases.get(keyOf(chart));
    if (there && !there.ours && (settings.zitadel || chart !== charts.zitadel))
      problems.push(releaseTaken(there));
  }
  return { cluster: 'running', releases, problems };
}

/** What `stack up` would do about what was found. */
export function planStack(
  settings: StackSettings,
  { cluster, releases }: Pick<StackSeen, 'cluster' | 'releases'>,
): readonly PlannedPart[] {
  const chartOf: Partial<Record<PhaseName, (typeof charts)[keyof typeof charts]>> = charts;
  return phases
    .filter(({ wanted }) => wanted?.(settings) !== false)
    .map(({ name: phase, about }) => {
      const part = { phase, about: about(settings) };
      if (phase === 'cluster')
        return {
          ...part,
          action: cluster === 'missing' ? 'make' : cluster === 'stopped' ? 'start' : 'keep',
        };
      if (cluster !== 'running') return { ...part, action: cluster === 'missing' ? 'make' : 'check' };
      const chart = chartOf[phase];
      if (!chart) return { ...part, action: 'check' };
      const installed = releases.get(keyOf(chart));
      if (installed === undefined) return { ...part, action: 'make' };
      if (!installed.ours) return { ...part, action: 'keep', note: `${installed.chart} of others is there` };
      if (installed.chart === `${chart.chart}-${chart.version}`) return { ...part, action: 'keep' };
      return { ...part, action: 'change', note: `${installed.chart} is there` };
    });
}

function keyOf({ namespace, release }: Chart): string {
  return `${namespace}/${release}`;
}

/** A stack writes down that it is there before it makes anything. */
function clusterTaken(name: string): DrawbridgeError {
  return new DrawbridgeError('stack_name_taken', {
    message: `The k3d cluster ${name} was not made for a stack that is known here.`,
    fix: `Take another --name, use it as a cluster of yours (--context k3d-${name}), or remove it: k3d cluster delete ${name}`,
  });
}
