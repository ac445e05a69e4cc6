import { type Change, type Cluster, createInformer, type Stored } from '../cluster/index.ts';
import { finalizers, type UserDeactivation, userDeactivations, users } from '../milo/index.ts';
import type { RunningPlane } from './planes.ts';
import {
  createGuard,
  createLocks,
  createUserDeactivationReconciler,
  createUserReconciler,
  type ReconcilerParts,
} from './reconcilers/index.ts';
import { createController, isDeleting, isOwnWrite, type Leadership } from './runtime/index.ts';

/** What people are reconciled with. */
export interface UserControllersOptions {
  readonly parts: ReconcilerParts;
  readonly plane: RunningPlane;
  readonly cluster: Cluster;
  readonly workers: number;
  readonly resyncMs: number;
  readonly registrationApproval: boolean;
  readonly profiles: 'correct' | 'report';
}

/** Runs the controllers of Users and UserDeactivations, each of which has the other look again, until the leadership ends. */
export function runUsers(leadership: Leadership, options: UserControllersOptions): readonly Promise<void>[] {
  const { parts, plane, cluster, workers, resyncMs, registrationApproval, profiles } = options;
  const { signal } = leadership;
  const { clock, random, logger, metrics } = parts;
  const seams = { clock, logger, metrics };
  const deactivationClient = cluster.objects(userDeactivations);
  const common = {
    parts,
    plane,
    users: cluster.objects(users),
    locks: createLocks(),
    guard: createGuard(parts.zitadel),
    registrationApproval,
  };
  const ofUser = createIndex();
  const deactivationQueue = createController({
    name: 'userdeactivations',
    workers,
    ...seams,
    reconcile: createUserDeactivationReconciler({
      ...common,
      deactivations: deactivationClient,
      onSettled: (user) => userQueue.enqueue(user),
    }),
  });
  const deactivations = createInformer({
    client: deactivationClient,
    resyncMs,
    random,
    ...seams,
    onChange: (change) => {
      ofUser.take(change);
      const { metadata, spec } = change.object;
      if (change.type === 'deleted') userQueue.enqueue(spec.userRef.name);
      else deactivationQueue.enqueue(metadata.name);
    },
  });
  const userQueue = createController({
    name: 'users',
    workers,
    ...seams,
    reconcile: createUserReconciler({
      ...common,
      profiles,
      deactivations: (user) => ofUser.get(user).filter((one) => !isDeleting(one)),
    }),
  });
  const people = createInformer({
    client: common.users,
    resyncMs,
    random,
    ...seams,
    onChange: (change) => {
      const own = { finalizer: finalizers.user, condition: 'ZitadelReady' };
      if (change.type === 'deleted' || isOwnWrite(change, own)) return;
      const { name } = change.object.metadata;
      userQueue.enqueue(name);
      // A deactivation may have come before its user.
      if (change.type !== 'added') return;
      for (const { metadata } of ofUser.get(name)) deactivationQueue.enqueue(metadata.name);
    },
  });
  const work = async () => {
    // Who is to be inactive has to be known before anybody is found active.
    try {
      await deactivations.untilSynced(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    await Promise.all([userQueue.run(leadership), deactivationQueue.run(leadership)]);
  };
  return [deactivations.run(signal), people.run(signal), work()];
}

/** Deactivations by the user they are of: asked at every look at a user, however many others are deactivated. */
function createIndex() {
  const index = new Map<string, Map<string, Stored<UserDeactivation>>>();
  const drop = ({ spec, metadata }: Stored<UserDeactivation>) => {
    const all = index.get(spec.userRef.name);
    all?.delete(metadata.name);
    if (all?.size === 0) index.delete(spec.userRef.name);
  };
  return {
    take({ type, object, former }: Change<UserDeactivation>): void {
      drop(former ?? object);
      if (type === 'deleted') return;
      const { userRef } = object.spec;
      const all = index.get(userRef.name) ?? new Map<string, Stored<UserDeactivation>>();
      index.set(userRef.name, all.set(object.metadata.name, object));
    },
    get: (user: string): readonly Stored<UserDeactivation>[] => [...(index.get(user)?.values() ?? [])],
  };
}
