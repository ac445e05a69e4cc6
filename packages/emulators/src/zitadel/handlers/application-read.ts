import { notFound } from '../errors.ts';
import type { ApplicationRow } from '../projections/index.ts';
import { enumName, type Message, timestamp } from '../wire/index.ts';
import { apiAuthMethods, oidcMessage } from './application-config.ts';
import type { Answer, Handler } from './call.ts';
import { newPaging, pageOf, pagination, sortedBy, textMatcher } from './lists.ts';

const states = ['UNSPECIFIED', 'ACTIVE', 'INACTIVE', 'REMOVED'].map((name) => `APPLICATION_STATE_${name}`);
const types = ['UNSPECIFIED', 'OIDC', 'API', 'SAML'].map((name) => `APPLICATION_TYPE_${name}`);
const columns = ['BY_ID', 'BY_NAME', 'BY_STATE', 'BY_CREATION_DATE', 'BY_CHANGE_DATE'].map(
  (name) => `APPLICATION_SORT_${name}`,
);

/** GetApplication reads the projection without waiting, as the list does (internal/query/app.go). */
export const getApplication: Handler = (call, input) => {
  const app = call.lagging.applications.get(input.id('applicationId'));
  const project = app && call.lagging.projects.get(app.projectId);
  if (!app || !project) throw notFound('QUERY-pCP8P', 'Errors.App.NotExisting');
  call.require('project.app.read', project.organizationId, project.id);
  return { application: applicationMessage(app) };
};

/** ListApplications: what may not be read leaves the page, not the total (internal/query/app.go). */
export const listApplications: Handler = (call, input) => {
  const state = call.lagging;
  const paging = newPaging(input);
  const column = input.enum('sortingColumn', columns);
  const filters = input.messages('filters').map(applicationFilter);
  const matching = [...state.applications.values()].filter((app) => filters.every((matches) => matches(app)));
  const sorted = sortedBy(matching, (app) => {
    const keys = [app.id, app.name.toLowerCase(), app.state, app.createdAt, app.changedAt];
    return keys[column] ?? app.id;
  });
  const { rows, total } = pageOf(sorted, paging);
  const readable = rows.filter((app) => {
    const organizationId = state.projects.get(app.projectId)?.organizationId ?? '';
    return call.permits('project.app.read', organizationId, app.projectId);
  });
  return { applications: readable.map(applicationMessage), pagination: pagination(total, paging) };
};

function applicationFilter(filter: Message): (app: ApplicationRow) => boolean {
  const projectId = filter.message('projectIdFilter')?.id('projectId');
  if (projectId !== undefined) return (app) => app.projectId === projectId;
  const name = filter.message('nameFilter');
  if (name) {
    const matches = textMatcher(name, 'name');
    return (app) => matches(app.name);
  }
  const clientId = filter.message('clientIdFilter')?.id('clientId');
  if (clientId !== undefined) return (app) => app.clientId === clientId;
  const state = filter.optionalEnum('stateFilter', states);
  if (state !== undefined) return (app) => app.state === state;
  const type = filter.optionalEnum('typeFilter', types);
  if (type !== undefined) return (app) => (app.oidc ? 1 : 2) === type;
  return () => false;
}

function applicationMessage(app: ApplicationRow): Answer {
  return {
    applicationId: app.id,
    creationDate: timestamp(app.createdAt),
    changeDate: timestamp(app.changedAt),
    state: states[app.state],
    name: app.name,
    ...(app.oidc ? { oidcConfiguration: oidcMessage(app.clientId, app.oidc) } : {}),
    ...(app.api
      ? {
          apiConfiguration: {
            clientId: app.clientId,
            authMethodType: enumName(apiAuthMethods, app.api.authMethodType),
          },
        }
      : {}),
    projectId: app.projectId,
  };
}
