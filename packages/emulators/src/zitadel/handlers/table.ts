import { listAuthorizations } from './authorization-list.ts';
import {
  activateAuthorization,
  createAuthorization,
  deactivateAuthorization,
  deleteAuthorization,
  updateAuthorization,
} from './authorizations.ts';
import type { Handler } from './call.ts';
import * as instance from './instance.ts';
import * as metadata from './metadata-services.ts';
import * as organizations from './organizations.ts';
import * as grants from './project-grants.ts';
import * as roles from './project-roles.ts';
import * as projects from './projects.ts';
import { addHumanUser, createUser } from './user-create.ts';
import { getUserById, listUsers } from './user-read.ts';
import { deactivateUser, deleteUser, lockUser, reactivateUser, unlockUser } from './user-state.ts';

const users = {
  CreateUser: createUser,
  AddHumanUser: addHumanUser,
  GetUserByID: getUserById,
  ListUsers: listUsers,
  DeactivateUser: deactivateUser,
  ReactivateUser: reactivateUser,
  LockUser: lockUser,
  UnlockUser: unlockUser,
  DeleteUser: deleteUser,
  SetUserMetadata: metadata.setUserMetadata,
  ListUserMetadata: metadata.listUserMetadata,
  DeleteUserMetadata: metadata.deleteUserMetadata,
};

const organizationService = {
  AddOrganization: organizations.addOrganization,
  UpdateOrganization: organizations.updateOrganization,
  DeactivateOrganization: organizations.deactivateOrganization,
  ActivateOrganization: organizations.activateOrganization,
  DeleteOrganization: organizations.deleteOrganization,
  ListOrganizations: organizations.listOrganizations,
  SetOrganizationMetadata: metadata.setOrganizationMetadata,
  ListOrganizationMetadata: metadata.listOrganizationMetadata,
  DeleteOrganizationMetadata: metadata.deleteOrganizationMetadata,
};

const projectService = {
  CreateProject: projects.createProject,
  UpdateProject: projects.updateProject,
  DeactivateProject: projects.deactivateProject,
  ActivateProject: projects.activateProject,
  DeleteProject: projects.deleteProject,
  GetProject: projects.getProject,
  ListProjects: projects.listProjects,
  AddProjectRole: roles.addProjectRole,
  UpdateProjectRole: roles.updateProjectRole,
  RemoveProjectRole: roles.removeProjectRole,
  ListProjectRoles: roles.listProjectRoles,
  CreateProjectGrant: grants.createProjectGrant,
  UpdateProjectGrant: grants.updateProjectGrant,
  DeactivateProjectGrant: grants.deactivateProjectGrant,
  ActivateProjectGrant: grants.activateProjectGrant,
  DeleteProjectGrant: grants.deleteProjectGrant,
  ListProjectGrants: grants.listProjectGrants,
};

const authorizationService = {
  CreateAuthorization: createAuthorization,
  UpdateAuthorization: updateAuthorization,
  ActivateAuthorization: activateAuthorization,
  DeactivateAuthorization: deactivateAuthorization,
  DeleteAuthorization: deleteAuthorization,
  ListAuthorizations: listAuthorizations,
};

const instanceService = {
  GetInstance: instance.getInstance,
  UpdateInstance: instance.updateInstance,
  AddCustomDomain: instance.changeCustomDomain,
  RemoveCustomDomain: instance.changeCustomDomain,
  ListCustomDomains: instance.listCustomDomains,
  AddTrustedDomain: instance.addTrustedDomain,
  RemoveTrustedDomain: instance.removeTrustedDomain,
  ListTrustedDomains: instance.listTrustedDomains,
};

const services: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  'zitadel.user.v2.UserService': users,
  'zitadel.org.v2.OrganizationService': organizationService,
  'zitadel.project.v2.ProjectService': projectService,
  'zitadel.authorization.v2.AuthorizationService': authorizationService,
  'zitadel.instance.v2.InstanceService': instanceService,
};

/** Every method there is, by `service/method`. The edges only translate into and out of it. */
export const handlers: ReadonlyMap<string, Handler> = new Map(
  Object.entries(services).flatMap(([service, methods]) =>
    Object.entries(methods).map(([method, handler]) => [`${service}/${method}`, handler] as const),
  ),
);
