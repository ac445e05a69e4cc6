import { DrawbridgeError, writeFileAtomic } from '@drawbridge/kit';
import { isHalfMade, type PhaseName, phases } from '../phases/index.ts';
import { accessOf, charts, type StackSettings, stackFiles } from '../settings/index.ts';
import { createHelm, createK3d, type Release } from '../tools/index.ts';

/** What was found of a stack before anything is done. */
export interface StackSeen {
  readonly cluster: 'missing' | 'stopped' | 'running';
  /** Charts that are installed, as `chart-version`, by `namespace/release`. */
  readonly releases: ReadonlyMap<string, string>;
  /** Programs that are needed and are not there, or are of another version. */
  readonly lacking: readonly DrawbridgeError[];
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
  const helm = createHelm({ ...accessOf(settings), ...(env ? { env } : {}) });
  const checks = [
    ...(context === undefined ? [() => k3d.requireVersion(signal)] : []),
    () => helm.requireVersion(signal),
  ];
  const lacking: DrawbridgeError[] = [];
  for (const check of checks) {
    try {
      await check();
    } catch (caught) {
      const error = DrawbridgeError.from(caught);
      if (error.code !== 'program_missing' && error.code !== 'program_too_old') throw error;
      lacking.push(error);
    }
  }
  const nothing = { releases: new Map<string, string>(), lacking };
  if (lacking.length > 0) return { cluster: context === undefined ? 'missing' : 'running', ...nothing };
  if (context === undefined) {
    const found = await k3d.find(name, signal);
    if (!found || (await isHalfMade(settings))) return { cluster: 'missing', ...nothing };
    if (found.serversRunning < found.serversCount) return { cluster: 'stopped', ...nothing };
    const path = stackFiles(settings).kubeconfig;
    await writeFileAtomic(path, await k3d.kubeconfig(name, signal), { mode: 0o600 });
  }
  return { cluster: 'running', releases: releasesOf(await helm.releases(signal)), lacking };
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
      const installed = releases.get(`${chart.namespace}/${chart.release}`);
      if (installed === undefined) return { ...part, action: 'make' };
      if (installed === `${chart.chart}-${chart.version}`) return { ...part, action: 'keep' };
      return { ...part, action: 'change', note: `${installed} is there` };
    });
}

function releasesOf(list: readonly Release[]): ReadonlyMap<string, string> {
  return new Map(list.map(({ namespace, name, chart }) => [`${namespace}/${name}`, chart]));
}
