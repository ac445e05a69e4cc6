import { generateRsaPair, publicPem } from '../crypto.ts';
import { failedPrecondition, invalidArgument, notFound } from '../errors.ts';
import { timestamp } from '../wire/index.ts';
import { authMethods } from './application-config.ts';
import type { Handler } from './call.ts';
import { projectAggregate } from './projects.ts';

/** CreateApplicationKey (internal/command/project_application_key.go): only for applications that sign assertions. */
export const createApplicationKey: Handler = async (call, input) => {
  const app = call.fresh.applications.get(input.id('applicationId'));
  const project = app && call.fresh.projects.get(app.projectId);
  if (!app || !project || project.id !== input.id('projectId')) {
    throw failedPrecondition('COMMAND-sak25', 'Errors.Project.App.NotFound');
  }
  call.require('project.app.write', project.organizationId, project.id);
  const signs = app.oidc?.authMethodType === authMethods.privateKeyJwt || app.api?.authMethodType === 1;
  if (!signs) throw failedPrecondition('COMMAND-Dff54', 'Errors.Project.App.AuthMethodNoPrivateKeyJWT');
  // The proto's comment promises a default; an absent date is read as the year 1 and refused.
  const expiresAt = input.timestamp('expirationDate') ?? 0;
  if (expiresAt < call.kernel.now()) throw invalidArgument('DOMAIN-dv3t5', 'Errors.AuthNKey.ExpireBeforeNow');
  const keyId = call.kernel.newId();
  const pair = await generateRsaPair();
  // The application may have gone while the pair was made.
  if (!call.fresh.applications.has(app.id)) {
    throw failedPrecondition('COMMAND-sak25', 'Errors.Project.App.NotFound');
  }
  const event = call.push({
    ...projectAggregate(project),
    type: 'project.application.oidc.key.added',
    payload: {
      appId: app.id,
      clientId: app.clientId,
      keyId,
      expirationDate: timestamp(expiresAt),
      publicKey: publicPem(pair.publicKey),
    },
  });
  const details = {
    type: 'application',
    keyId,
    key: pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    appId: app.id,
    clientId: app.clientId,
  };
  return {
    keyId,
    creationDate: timestamp(event.createdAt),
    keyDetails: Buffer.from(JSON.stringify(details)).toString('base64'),
  };
};

export const deleteApplicationKey: Handler = (call, input) => {
  const key = call.fresh.keys.get(input.id('keyId'));
  const app = call.fresh.applications.get(key?.applicationId ?? '');
  const project = app && call.fresh.projects.get(app.projectId);
  if (!key || !app || !project || app.id !== input.id('applicationId')) {
    throw notFound('COMMAND-4m77G', 'Errors.Project.App.Key.NotFound');
  }
  call.require('project.app.write', project.organizationId, project.id);
  const event = call.push({
    ...projectAggregate(project),
    type: 'project.application.oidc.key.removed',
    payload: { keyId: key.id },
  });
  return { deletionDate: timestamp(event.createdAt) };
};

/** GetApplicationKey waits for the projection. */
export const getApplicationKey: Handler = (call, input) => {
  const key = call.fresh.keys.get(input.id('keyId'));
  const app = call.fresh.applications.get(key?.applicationId ?? '');
  if (!key || !app) throw notFound('QUERY-Tha6f', 'Errors.AuthNKey.NotFound');
  call.require('project.app.read', key.organizationId, app.projectId);
  return {
    keyId: key.id,
    creationDate: timestamp(key.createdAt),
    expirationDate: timestamp(key.expiresAt),
  };
};
