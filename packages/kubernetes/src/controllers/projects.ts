import type { Clock, Logger } from '@drawbridge/kit';
import type { Change, Stored } from '../cluster/index.ts';
import type { Project } from '../milo/index.ts';
import type { RunningPlane } from './planes.ts';
import { isDeleting, isTrue } from './runtime/index.ts';

export interface ProjectPlanesOptions {
  /** Makes the plane of a project; `close` ends its connections. */
  readonly open: (project: string) => { readonly plane: RunningPlane; close(): Promise<void> };
  /** Finalizer for which a project that is gone is still served. */
  readonly finalizer: string;
  /** How often it is looked whether a project that is gone can be let go, in milliseconds. Default 5,000. */
  readonly lettingGoMs?: number;
  /** How long one that does not answer any more is waited for, in milliseconds. Default 60,000. */
  readonly unreachableMs?: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The control planes of projects that are in service. */
export interface ProjectPlanes {
  get(project: string): RunningPlane | undefined;
  readonly all: readonly RunningPlane[];
  /** To be told of every change of a Project. */
  onChange(change: Change<Project>): void;
  /** Serves projects until the signal ends it, and lets all go. */
  run(signal: AbortSignal): Promise<void>;
}

interface Served {
  readonly plane: RunningPlane;
  readonly end: AbortController;
  readonly done: Promise<void>;
  leaving: boolean;
}

/**
 * Takes projects into service once they are ready, and lets them go when they are gone. A project that is being deleted stays in
 * service, and one that is gone as long as objects in it wait for us: else they could never go (Milo's clean-up waits for them).
 */
export function createProjectPlanes(options: ProjectPlanesOptions): ProjectPlanes {
  const { open, finalizer, clock, logger } = options;
  const { lettingGoMs = 5_000, unreachableMs = 60_000 } = options;
  const served = new Map<string, Served>();
  const waiting = new Set<string>();
  let running: AbortSignal | undefined;

  const take = (project: string) => {
    const known = served.get(project);
    if (known) {
      known.leaving = false;
      return;
    }
    if (!running || running.aborted) {
      waiting.add(project);
      return;
    }
    const { plane, close } = open(project);
    const end = new AbortController();
    const done = plane
      .run(AbortSignal.any([running, end.signal]))
      .then(close)
      .catch((error: unknown) => {
        logger.error(
          { component: 'projects', organization: project, err: error },
          'a project was let go of in a bad way',
        );
      });
    served.set(project, { plane, end, done, leaving: false });
    logger.info({ component: 'projects', organization: project }, 'the project is served');
  };

  const letGo = async (project: string, one: Served, signal: AbortSignal) => {
    let troubledSince: number | undefined;
    while (one.leaving && !signal.aborted) {
      const { informers } = one.plane;
      const troubled = informers.every(({ trouble }) => trouble !== undefined);
      troubledSince = troubled ? (troubledSince ?? clock.now()) : undefined;
      const waitedFor = informers.some((informer) =>
        informer.all().some((object) => object.metadata.finalizers?.includes(finalizer)),
      );
      const given = troubledSince !== undefined && clock.now() - troubledSince >= unreachableMs;
      if (!waitedFor || given) {
        served.delete(project);
        one.end.abort();
        await one.done;
        logger.info({ component: 'projects', organization: project }, 'the project is no longer served');
        return;
      }
      await clock.sleep(lettingGoMs, signal, { background: true }).catch(() => undefined);
    }
  };

  return {
    get: (project) => served.get(project)?.plane,
    get all() {
      return [...served.values()].map(({ plane }) => plane);
    },
    onChange({ type, object }) {
      const { name } = object.metadata;
      if (type !== 'deleted') {
        if (isServable(object)) take(name);
        return;
      }
      waiting.delete(name);
      const one = served.get(name);
      if (!one || one.leaving || !running) return;
      one.leaving = true;
      void letGo(name, one, running);
    },
    async run(signal) {
      running = signal;
      for (const project of waiting) take(project);
      waiting.clear();
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        if (signal.aborted) resolve();
      });
      await Promise.all([...served.values()].map(({ done }) => done));
      served.clear();
    },
  };
}

/** Ready once; and on its way out, where what is in it has to go before. */
function isServable(project: Stored<Project>): boolean {
  return isTrue(project.status?.conditions, 'Ready') || isDeleting(project);
}
