import { hashSecret, newSecret } from '../crypto.ts';
import { alreadyExists, failedPrecondition, invalidArgument, notFound } from '../errors.ts';
import { type ApplicationRow, objectState, type ProjectRow } from '../projections/index.ts';
import type { AnyDraft, OidcConfig } from '../store/index.ts';
import { invalid, type Message, timestamp } from '../wire/index.ts';
import {
  apiAuthMethods,
  authMethods,
  complianceProblems,
  oidcChanges,
  oidcConfigOf,
} from './application-config.ts';
import type { Answer, Call, Handler } from './call.ts';
import { projectAggregate } from './projects.ts';

/**
 * CreateApplication (internal/command/project_application*.go): an OIDC application's id once used stays used in its
 * project, an API's is never looked at; names are unique in a project. In a project whose id was removed before, every id of an OIDC
 * application counts as used, those that Zitadel chooses too.
 */
export const createApplication: Handler = (call, input) => {
  const projectId = input.id('projectId');
  const project = call.fresh.projects.get(projectId);
  if (!project) throw failedPrecondition('COMMAND-EbFMN', 'Errors.Project.NotFound');
  const name = input.string('name', { min: 1, max: 200 });
  const oidcInput = input.message('oidcConfiguration');
  const apiInput = input.message('apiConfiguration');
  if (!oidcInput && !apiInput) throw invalid('application_type', 'value is required');
  call.require('project.app.write', project.organizationId, project.id);
  const appId = input.optionalString('applicationId', { max: 200 }) || call.kernel.newId();
  const isUsed =
    call.fresh.usedOidcApplications.has(`${projectId}/${appId}`) || call.fresh.removedProjects.has(projectId);
  if (oidcInput && isUsed) {
    throw failedPrecondition('PROJECT-lxowmp', 'Errors.Project.App.AlreadyExisting');
  }
  requireName(call, project, name);
  const clientId = call.kernel.newId();
  const of = projectAggregate(project);
  const added: AnyDraft = { ...of, type: 'project.application.added', payload: { appId, name } };
  if (oidcInput) {
    const oidc = oidcConfigOf(oidcInput);
    const secret = hasSecret(oidc) ? newSecret() : undefined;
    const event = call.push(added, {
      ...of,
      type: 'project.application.config.oidc.added',
      payload: { ...oidc, appId, clientId, ...(secret ? { hashedSecret: hashSecret(secret) } : {}) },
    });
    const problems = complianceProblems(oidc);
    return {
      applicationId: appId,
      creationDate: timestamp(event.createdAt),
      oidcConfiguration: {
        clientId,
        clientSecret: secret,
        nonCompliant: problems.length > 0,
        complianceProblems: problems,
      },
    };
  }
  const authMethodType = apiInput?.enum('authMethodType', apiAuthMethods) ?? 0;
  const secret = authMethodType === 0 ? newSecret() : undefined;
  const event = call.push(added, {
    ...of,
    type: 'project.application.config.api.added',
    payload: {
      appId,
      clientId,
      authMethodType,
      ...(secret ? { hashedSecret: hashSecret(secret) } : {}),
    },
  });
  return {
    applicationId: appId,
    creationDate: timestamp(event.createdAt),
    apiConfiguration: { clientId, clientSecret: secret },
  };
};

/**
 * UpdateApplication (internal/api/grpc/application/v2/convert/oidc_app.go): nothing changed is refused, other than for users or projects. An
 * OIDC application's response and grant types that are left out become those of the code flow, whatever they were.
 */
export const updateApplication: Handler = (call, input) => {
  const { app, project } = existingApplication(call, input, 'COMMAND-28di9');
  call.require('project.app.write', project.organizationId, project.id);
  const drafts: AnyDraft[] = [];
  const of = projectAggregate(project);
  const name = input.string('name', { max: 200 });
  if (name !== '') {
    if (name === app.name) throw failedPrecondition('COMMAND-2m8vx', 'Errors.NoChangesFound');
    requireName(call, project, name);
    drafts.push({ ...of, type: 'project.application.changed', payload: { appId: app.id, name } });
  }
  const oidcInput = input.message('oidcConfiguration');
  if (oidcInput) {
    if (!app.oidc) throw invalidArgument('COMMAND-GBr34', 'Errors.Project.App.IsNotOIDC');
    const changes = oidcChanges(app.oidc, oidcInput);
    if (Object.keys(changes).length === 0) throw failedPrecondition('COMMAND-1m88i', 'Errors.NoChangesFound');
    const payload = { ...changes, appId: app.id };
    drafts.push({ ...of, type: 'project.application.config.oidc.changed', payload });
  }
  const apiInput = input.message('apiConfiguration');
  if (apiInput) {
    if (!app.api) throw invalidArgument('COMMAND-Gnwt3', 'Errors.Project.App.IsNotAPI');
    const authMethodType = apiInput.enum('authMethodType', apiAuthMethods);
    if (authMethodType === app.api.authMethodType) {
      throw failedPrecondition('COMMAND-1m88i', 'Errors.NoChangesFound');
    }
    const payload = { appId: app.id, authMethodType };
    drafts.push({ ...of, type: 'project.application.config.api.changed', payload });
  }
  const at = drafts.length > 0 ? call.push(...drafts).createdAt : app.changedAt;
  return { changeDate: timestamp(at) };
};

export const deactivateApplication: Handler = (call, input) => {
  const { app, project } = existingApplication(call, input, 'COMMAND-ov9d3');
  if (app.state !== objectState.active) {
    throw failedPrecondition('COMMAND-dsh35', 'Errors.Project.App.NotActive');
  }
  return changeState(call, app, project, 'project.application.deactivated', 'deactivationDate');
};

export const reactivateApplication: Handler = (call, input) => {
  const { app, project } = existingApplication(call, input, 'COMMAND-ov9d3');
  if (app.state !== objectState.inactive) {
    throw failedPrecondition('COMMAND-1n8cM', 'Errors.Project.App.NotInactive');
  }
  return changeState(call, app, project, 'project.application.reactivated', 'reactivationDate');
};

function changeState(
  call: Call,
  app: ApplicationRow,
  project: ProjectRow,
  type: 'project.application.deactivated' | 'project.application.reactivated',
  field: string,
): Answer {
  call.require('project.app.write', project.organizationId, project.id);
  const event = call.push({ ...projectAggregate(project), type, payload: { appId: app.id } });
  return { [field]: timestamp(event.createdAt) };
}

/** DeleteApplication: unknown is NotFound. */
export const deleteApplication: Handler = (call, input) => {
  const { app, project } = existingApplication(call, input, 'COMMAND-0po9s');
  call.require('project.app.delete', project.organizationId, project.id);
  const payload = { appId: app.id, name: app.name };
  const event = call.push({ ...projectAggregate(project), type: 'project.application.removed', payload });
  return { deletionDate: timestamp(event.createdAt) };
};

/** GenerateClientSecret replaces the secret. */
export const generateClientSecret: Handler = (call, input) => {
  const { app, project } = existingApplication(call, input, 'COMMAND-Kd92s');
  call.require('project.app.write', project.organizationId, project.id);
  const clientSecret = newSecret();
  const type = app.oidc
    ? 'project.application.config.oidc.secret.changed'
    : 'project.application.config.api.secret.changed';
  const payload = { appId: app.id, hashedSecret: hashSecret(clientSecret) };
  const event = call.push({ ...projectAggregate(project), type, payload });
  return { clientSecret, creationDate: timestamp(event.createdAt) };
};

/** The application a command names, in the project it names. */
function existingApplication(
  call: Call,
  input: Message,
  missing: string,
): { readonly app: ApplicationRow; readonly project: ProjectRow } {
  const app = call.fresh.applications.get(input.id('applicationId'));
  const project = app && call.fresh.projects.get(app.projectId);
  if (!app || !project || project.id !== input.id('projectId')) {
    throw notFound(missing, 'Errors.Project.App.NotExisting');
  }
  return { app, project };
}

function hasSecret(oidc: OidcConfig): boolean {
  return oidc.authMethodType === authMethods.basic || oidc.authMethodType === authMethods.post;
}

function requireName(call: Call, project: ProjectRow, name: string): void {
  for (const app of call.fresh.applications.values()) {
    if (app.projectId === project.id && app.name === name) {
      throw alreadyExists('V3-DKcYh', 'Errors.Project.App.AlreadyExists');
    }
  }
}
