import { hasId } from '@drawbridge/zitadel';
import { differing } from '../fields.ts';
import { keyOf, projectId } from '../names.ts';
import type { WishedProject } from '../wish/index.ts';
import { planApplication } from './applications.ts';
import { compare, type Planning } from './planning.ts';
import type { ReadProject } from './reading.ts';

/** What one project needs: itself, its roles, whom it is granted to, its applications. */
export function planProject(planning: Planning, name: string, wished: WishedProject): void {
  const { wish, reading, notes, present } = planning;
  const read = reading.projects.get(name);
  const id = read?.project.projectId ?? reading.freeIds.get(name) ?? projectId(wish, name);
  const wanted = {
    name: wished.name,
    projectRoleAssertion: wished.roleAssertion,
    authorizationRequired: wished.authorizationRequired,
    projectAccessRequired: wished.accessRequired,
  };
  const standing = compare(planning, {
    key: keyOf.project(name),
    title: `project ${name}`,
    found: read && { id, fields: { ...read.project } },
    wanted,
    intent: { id },
    async create({ zitadel, call }) {
      const request = { organizationId: reading.organizationId, projectId: id, ...wanted };
      await unlessThere(() => zitadel.projects.create(request, call));
    },
    async update({ zitadel, call }, fields) {
      await zitadel.projects.update(id, differing(wanted, fields), call);
    },
  });
  if (standing === 'foreign') {
    notes.push(`Roles, grants and applications of project ${name} wait for it.`);
    return;
  }
  present.projects.set(name, id);
  if (read?.project.state === 'PROJECT_STATE_INACTIVE')
    notes.push(`Project ${name} is inactive; nobody signs in to its applications.`);
  for (const [key, displayName] of Object.entries(wished.roles))
    planRole(planning, { name, id, read }, key, displayName);
  for (const [organizationId, roleKeys] of Object.entries(wished.grants))
    planGrant(planning, { name, id, read }, organizationId, roleKeys);
  for (const [application, one] of Object.entries(wished.applications))
    planApplication(planning, { name, id, read }, application, one);
}

/** A project that things are put into. */
export interface Place {
  readonly name: string;
  readonly id: string;
  readonly read: ReadProject | undefined;
}

function planRole(planning: Planning, { name, id, read }: Place, roleKey: string, displayName: string): void {
  const found = read?.roles.find(({ key }) => key === roleKey);
  compare(planning, {
    key: keyOf.role(name, roleKey),
    title: `role ${roleKey} of ${name}`,
    found: found && { id: roleKey, fields: { ...found } },
    wanted: { displayName },
    intent: { id: roleKey },
    async create({ zitadel, call }) {
      await zitadel.projects.addRole(id, { roleKey, displayName }, call);
    },
    async update({ zitadel, call }) {
      await zitadel.projects.updateRole(id, { roleKey, displayName }, call);
    },
  });
}

function planGrant(
  planning: Planning,
  { name, id, read }: Place,
  grantedOrganizationId: string,
  roleKeys: readonly string[],
): void {
  const found = read?.grants.find((one) => one.grantedOrganizationId === grantedOrganizationId);
  const grant = { projectId: id, grantedOrganizationId, roleKeys };
  compare(planning, {
    key: keyOf.grant(name, grantedOrganizationId),
    title: `grant of ${name} to ${grantedOrganizationId}`,
    found: found && { id: grantedOrganizationId, fields: { roles: found.grantedRoleKeys } },
    wanted: { roles: roleKeys },
    intent: { id: grantedOrganizationId },
    async create({ zitadel, call }) {
      await zitadel.projects.ensureGrant(grant, call);
    },
    async update({ zitadel, call }) {
      await zitadel.projects.updateGrant(grant, call);
    },
  });
}

/** The id of a project that an earlier run made, and could not see the answer of. */
async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!hasId(error, 'COMMAND-opamwu')) throw error;
  }
}
