import type { CallOptions } from '@drawbridge/kit';
import {
  type FoundOrganization,
  hasId,
  type OwnerMark,
  ownerMetadata,
  readOwner,
  sameOwner,
  ZitadelError,
} from '@drawbridge/zitadel';
import type { ObjectClient, Stored } from '../../cluster/index.ts';
import { finalizers, type Project, projectOrganization } from '../../milo/index.ts';
import {
  addFinalizer,
  hasFinalizer,
  isDeleting,
  type NewCondition,
  type Reconcile,
  type ReconcileContext,
  removeFinalizer,
} from '../runtime/index.ts';
import { callOf, type Plane, type ReconcilerParts } from './parts.ts';
import { report } from './report.ts';

/** What a Project is reconciled with. */
export interface ProjectReconcilerOptions {
  readonly parts: ReconcilerParts;
  readonly plane: Plane;
  readonly projects: ObjectClient<Project>;
}

/** Zitadel has an organization with that id. */
const idInUse = 'ORG-laho2n';
const nameInUse = 'V3-DKcYh';

/**
 * Reconciles Projects: each has an organization of its own in Zitadel, whose id follows from the project's name, and which goes
 * with it. That it exists is proved by the id being taken, never by a list, which lags (F16).
 */
export function createProjectReconciler({ parts, plane, projects }: ProjectReconcilerOptions): Reconcile {
  const { zitadel, clock } = parts;
  const { organizations } = zitadel;

  /** Whose organization it is: ours by our mark, nobody's without one. */
  const whose = async (
    id: string,
    mark: OwnerMark,
    call: CallOptions,
  ): Promise<'ours' | 'nobody' | 'other'> => {
    const metadata = await organizations.metadata(id, call);
    const found = readOwner(metadata);
    if (found === undefined) return 'nobody';
    return sameOwner(found, mark) ? 'ours' : 'other';
  };

  const make = async (
    object: Stored<Project>,
    context: ReconcileContext,
  ): Promise<NewCondition | undefined> => {
    const call = callOf(context);
    const { id, name } = projectOrganization(object.metadata.name);
    try {
      await context.write(() => organizations.create({ organizationId: id, name }, call));
    } catch (error) {
      if (hasId(error, nameInUse))
        return no('NameTaken', `Another organization in Zitadel is called ${name}.`);
      if (!hasId(error, idInUse)) throw error;
      return undefined; // it is there, whatever the list says
    }
    plane.event(object, {
      type: 'Normal',
      action: 'Create',
      reason: 'OrganizationCreated',
      note: `The organization ${id} was made in Zitadel.`,
    });
    return undefined;
  };

  const look = async (object: Stored<Project>, context: ReconcileContext): Promise<NewCondition> => {
    const call = callOf(context);
    const { id, name } = projectOrganization(object.metadata.name);
    const mark = markOf(object);
    const listed = await organizations.find(id, call);
    const refused = listed ? undefined : await make(object, context);
    if (refused) return refused;
    const owner = await whose(id, mark, call);
    if (owner === 'other') {
      return no(
        'OrganizationOfAnother',
        `The organization ${id} in Zitadel belongs to another, or to a former project of this name.`,
      );
    }
    if (owner === 'nobody')
      await context.write(() => organizations.setMetadata(id, ownerMetadata(mark), call));
    return await correct(object, listed, { id, name }, context);
  };

  const correct = async (
    object: Stored<Project>,
    listed: FoundOrganization | undefined,
    { id, name }: { readonly id: string; readonly name: string },
    context: ReconcileContext,
  ): Promise<NewCondition> => {
    if (listed !== undefined && listed.name !== name) {
      await context.write(() => organizations.update(id, { name }, callOf(context)));
      plane.event(object, {
        type: 'Normal',
        action: 'Update',
        reason: 'NameCorrected',
        note: `The organization ${id} was given its name again.`,
      });
    }
    if (listed?.state === 'ORGANIZATION_STATE_INACTIVE')
      return no('OrganizationInactive', `The organization ${id} was deactivated in Zitadel.`);
    return yes('OrganizationReady', `The organization ${id} is there.`);
  };

  const removeOrganization = async (
    object: Stored<Project>,
    id: string,
    context: ReconcileContext,
  ): Promise<void> => {
    const call = callOf(context);
    try {
      const { changed } = await context.write(() => organizations.remove(id, call));
      // "Nothing to delete" is what an empty or a wrong Zitadel says, too.
      if (!changed) await zitadel.canary(call);
    } catch (error) {
      if (!(error instanceof ZitadelError && error.code === 'zitadel_precondition')) throw error;
      // The instance's own organization, or the default one: Zitadel never lets it go, and the object must not wait for that.
      plane.event(object, {
        type: 'Warning',
        action: 'Delete',
        reason: 'OrganizationKept',
        note: `Zitadel does not delete the organization ${id}: it is the default one, or the instance's own.`,
      });
    }
  };

  const remove = async (object: Stored<Project>, context: ReconcileContext): Promise<void> => {
    const call = callOf(context);
    const { id } = projectOrganization(object.metadata.name);
    // Read fresh, as lists are not: what is not there has no mark.
    if ((await whose(id, markOf(object), call)) === 'other') {
      plane.event(object, {
        type: 'Warning',
        action: 'Delete',
        reason: 'OrganizationKept',
        note: `The organization ${id} belongs to another, and stays in Zitadel.`,
      });
    } else {
      await removeOrganization(object, id, context);
    }
    await removeFinalizer(projects, object, finalizers.project, call);
  };

  return async (name, context) => {
    const call = callOf(context);
    const read = await projects.find(name, call);
    if (!read) return undefined;
    if (isDeleting(read)) {
      if (hasFinalizer(read, finalizers.project)) await remove(read, context);
      return undefined;
    }
    const object = await addFinalizer(projects, read, finalizers.project, call);
    const condition = await look(object, context);
    await report(projects, object, condition, {}, { clock, call });
    return undefined;
  };
}

/** The uid tells a project from a former one of its name: what was in that one's organization is not for this one. */
function markOf({ metadata }: Stored<Project>): OwnerMark {
  return { owner: 'controller', tenant: metadata.name, ref: metadata.uid };
}

function yes(reason: string, message: string): NewCondition {
  return { type: 'ZitadelReady', status: 'True', reason, message };
}

function no(reason: string, message: string): NewCondition {
  return { type: 'ZitadelReady', status: 'False', reason, message };
}
