import {
  type CallOptions,
  type Check,
  type Clock,
  DrawbridgeError,
  type Logger,
  type Metrics,
  noMetrics,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import { type Cluster, createInformer } from '../cluster/index.ts';
import {
  controlPlanePath,
  finalizers,
  projectOrganization,
  projects as projectType,
  singleClusterName,
} from '../milo/index.ts';
import { createPlane, type PlaneParts, type RunningPlane, readAccountKey } from './planes.ts';
import { createProjectPlanes, type ProjectPlanes } from './projects.ts';
import {
  createAccountReconciler,
  createKeyKeeper,
  createProjectReconciler,
  type KeyRotationTimes,
  type ReconcilerParts,
} from './reconcilers/index.ts';
import {
  createController,
  createElector,
  type Elector,
  type ElectorOptions,
  type Leadership,
} from './runtime/index.ts';
import { runUsers } from './users.ts';

/** Which cluster is brought to agree with which Zitadel, and how. */
export interface ControllersOptions {
  readonly zitadel: Zitadel;
  /** The one cluster, or Milo's core control plane. */
  readonly cluster: Cluster;
  /** `single`: everything is in the one cluster. `milo`: projects have control planes of their own. Default `single`. */
  readonly mode?: 'single' | 'milo';
  /** Below which the control planes of projects are. Default `cluster`. */
  readonly projectCluster?: Cluster;
  /** What mail addresses of service accounts end with, such as `identity.example.com`. */
  readonly emailSuffix: string;
  /** Organization of the machines of a single cluster. Default that of the service account itself. */
  readonly organizationId?: string;
  /** Whether only users whose registration is approved may sign in. Default false. */
  readonly registrationApproval?: boolean;
  /** Whether names and addresses in Zitadel are set to what Users say, or differences only reported. Default `correct`. */
  readonly profiles?: 'correct' | 'report';
  /** Keys that are kept in Secrets. */
  readonly keys?: KeyRotationTimes;
  /** Project that tokens of machines are for, in the credentials that are written. */
  readonly introspectionProjectId?: string;
  /** How often everything is looked at again, in milliseconds. Default 10 minutes. */
  readonly resyncMs?: number;
  /** Objects of one kind at once. Default 8. */
  readonly workers?: number;
  /** The lease; `cluster` in it should be a client of its own, without a breaker. */
  readonly lease: Omit<ElectorOptions, 'logger' | 'metrics' | 'clock' | 'random'>;
  /** How often a project that is gone is looked at, in milliseconds; see the projects' own defaults. */
  readonly lettingGoMs?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** The controllers of one process. */
export interface Controllers {
  readonly elector: Elector;
  /** Projects in service, by name; empty while another process leads. */
  readonly projects: readonly string[];
  /** For `/readyz`. */
  readonly checks: Readonly<Record<string, Check>>;
  /**
   * Waits to lead, works until the signal ends it, and gives the lease back.
   *
   * @throws {DrawbridgeError} `leadership_lost`: end the process
   */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Makes the controllers: Users, UserDeactivations, ServiceAccounts and MachineAccounts, and in Milo's mode Projects, are brought
 * to agree with Zitadel, again and again. One process of several works.
 *
 * @throws {DrawbridgeError} `invalid_settings`
 * @example
 * ```ts
 * import { createCluster, createControllers, loadClusterAccess } from '@drawbridge/kubernetes';
 * import { createZitadel, serviceAccountFile } from '@drawbridge/zitadel';
 *
 * const access = await loadClusterAccess();
 * const cluster = createCluster({ access });
 * const controllers = createControllers({
 *   zitadel: createZitadel({ issuer: 'https://sso.acme.example', credentials: serviceAccountFile('key.json') }),
 *   cluster,
 *   emailSuffix: 'identity.acme.example',
 *   lease: { cluster, namespace: 'drawbridge', name: 'drawbridge-controller' },
 * });
 * await controllers.run(AbortSignal.timeout(60_000));
 * ```
 */
export function createControllers(options: ControllersOptions): Controllers {
  const { zitadel, cluster, mode = 'single', workers = 8, resyncMs = 600_000 } = options;
  const { clock = systemClock, random = Math.random, logger = silentLogger, metrics = noMetrics } = options;
  const parts: ReconcilerParts = { zitadel, clock, random, logger, metrics };
  const seams = { clock, logger, metrics };
  const elector = createElector({ ...options.lease, clock, random, logger, metrics });
  const keys = createKeyKeeper(parts, {
    ...options.keys,
    ...(options.introspectionProjectId === undefined
      ? {}
      : { introspectionProjectId: options.introspectionProjectId }),
  });
  const reconcileAccount = createAccountReconciler({ parts, keys });
  const organizationId = ownOrganization(zitadel, options.organizationId);
  let projectPlanes: ProjectPlanes | undefined;

  /** One term of leading: everything is made anew, since what was known may be old. */
  const lead = async (leadership: Leadership): Promise<void> => {
    const { signal } = leadership;
    const planeOf = (name: string): RunningPlane | undefined =>
      name === singleClusterName && mode === 'single' ? core : projectPlanes?.get(name);
    const accounts = createController({
      name: 'serviceaccounts',
      workers,
      ...seams,
      async reconcile(key, context) {
        const { plane: where, kind, namespace, name } = readAccountKey(key);
        const plane = planeOf(where);
        if (!plane) return undefined; // let go of meanwhile
        return kind === 'ServiceAccount'
          ? await reconcileAccount({ plane, kind: plane.serviceAccounts, namespace, name }, context)
          : await reconcileAccount({ plane, kind: plane.machineAccounts, namespace, name }, context);
      },
    });
    const planeParts: PlaneParts = {
      emailSuffix: options.emailSuffix,
      instance: elector.identity,
      resyncMs,
      clock,
      random,
      logger,
      metrics,
      enqueue: (key) => accounts.enqueue(key),
    };
    const core = createPlane({ name: singleClusterName, cluster, organizationId }, planeParts);
    const running = [
      accounts.run(leadership),
      ...runUsers(leadership, {
        parts,
        plane: core,
        cluster,
        workers,
        resyncMs,
        registrationApproval: options.registrationApproval ?? false,
        profiles: options.profiles ?? 'correct',
      }),
      ...(mode === 'single' ? [core.run(signal)] : runProjects(leadership, core, planeParts)),
    ];
    await Promise.all(running);
  };

  const runProjects = (
    leadership: Leadership,
    core: RunningPlane,
    planeParts: PlaneParts,
  ): readonly Promise<void>[] => {
    const { signal } = leadership;
    const base = options.projectCluster ?? cluster;
    const planes = createProjectPlanes({
      finalizer: finalizers.serviceAccount,
      clock,
      logger,
      ...(options.lettingGoMs === undefined ? {} : { lettingGoMs: options.lettingGoMs }),
      open: (project) => {
        const below = base.at(controlPlanePath(project));
        const plane = createPlane(
          { name: project, cluster: below, organizationId: async () => projectOrganization(project).id },
          planeParts,
        );
        return { plane, close: () => below.close() };
      },
    });
    projectPlanes = planes;
    const client = cluster.objects(projectType);
    const controller = createController({
      name: 'projects',
      workers,
      ...seams,
      reconcile: createProjectReconciler({ parts, plane: core, projects: client }),
    });
    const informer = createInformer({
      client,
      resyncMs,
      random,
      ...seams,
      onChange: (change) => {
        planes.onChange(change);
        if (change.type !== 'deleted') controller.enqueue(change.object.metadata.name);
      },
    });
    return [planes.run(signal), informer.run(signal), controller.run(leadership)];
  };

  return {
    elector,
    get projects() {
      return elector.leading ? (projectPlanes?.all.map(({ name }) => name) ?? []) : [];
    },
    checks: { cluster: async (signal) => await cluster.ping({ signal }) },
    run: (signal) => elector.run(lead, signal),
  };
}

/** Where the service account itself is at home, asked for once. */
function ownOrganization(
  zitadel: Pick<Zitadel, 'token' | 'users'>,
  given: string | undefined,
): (call: CallOptions) => Promise<string> {
  let known = given;
  return async (call) => {
    if (known !== undefined) return known;
    const userId = await zitadel.token.userId();
    if (userId === undefined)
      throw new DrawbridgeError('invalid_settings', {
        message: 'The organization of machines has to be set where no key file is used.',
      });
    known = (await zitadel.users.get(userId, call)).organizationId;
    return known;
  };
}
