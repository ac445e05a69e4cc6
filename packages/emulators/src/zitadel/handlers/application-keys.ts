import { generateRsaPair, publicPem } from '../crypto.ts';
import { failedPrecondition, invalidArgument, notFound } from '../errors.ts';
import type { KeyRow } from '../projections/index.ts';
import { timestamp } from '../wire/index.ts';
import { authMethods } from './application-config.ts';
import type { Handler } from './call.ts';
import { newPaging, pageOf, pagination, sortedBy } from './lists.ts';
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

const keyColumns = [
  'ID',
  'PROJECT_ID',
  'APPLICATION_ID',
  'ORGANIZATION_ID',
  'TYPE',
  'CREATION_DATE',
  'EXPIRATION',
].map((name) => `APPLICATION_KEYS_SORT_BY_${name}`);

/** ListApplicationKeys: what may not be read leaves the page, not the total (internal/query/authn_key.go). */
export const listApplicationKeys: Handler = (call, input) => {
  const state = call.lagging;
  const paging = newPaging(input);
  const byDate =
    keyColumns[input.enum('sortingColumn', keyColumns)] === 'APPLICATION_KEYS_SORT_BY_CREATION_DATE';
  const filters = input.messages('filters').map((filter) => {
    const application = filter.message('applicationIdFilter')?.id('applicationId');
    const project = filter.message('projectIdFilter')?.id('projectId');
    const organization = filter.message('organizationIdFilter')?.id('organizationId');
    return (key: KeyRow, projectId: string) =>
      (application === undefined || key.applicationId === application) &&
      (project === undefined || projectId === project) &&
      (organization === undefined || key.organizationId === organization);
  });
  const matching = [...state.keys.values()].flatMap((key) => {
    const app = state.applications.get(key.applicationId ?? '');
    if (!app || !filters.every((matches) => matches(key, app.projectId))) return [];
    return [{ key, app }];
  });
  const sorted = sortedBy(matching, ({ key }) => (byDate ? key.createdAt : key.id));
  const { rows, total } = pageOf(sorted, paging);
  const readable = ({ key, app }: (typeof matching)[number]) =>
    call.permits('project.app.read', key.organizationId, app.projectId);
  return {
    pagination: pagination(total, paging),
    keys: rows.filter(readable).map(({ key, app }) => ({
      keyId: key.id,
      applicationId: app.id,
      projectId: app.projectId,
      creationDate: timestamp(key.createdAt),
      organizationId: key.organizationId,
      expirationDate: timestamp(key.expiresAt),
    })),
  };
};
