import type { EventPayloads } from '../store/index.ts';
import { type ApplicationRow, objectState } from './records.ts';
import type { Reducers } from './reducers.ts';
import type { State } from './state.ts';

type Types = Extract<keyof EventPayloads, `project.application.${string}`>;

function change(
  state: State,
  event: { readonly createdAt: number; readonly payload: { readonly appId: string } },
  edit: (row: ApplicationRow) => void,
): void {
  const row = state.applications.get(event.payload.appId);
  if (!row) return;
  edit(row);
  row.changedAt = event.createdAt;
}

/** Applications and their keys (internal/query/projection/app.go, authn_key.go). */
export const applicationReducers: Reducers<Types> = {
  'project.application.added': (state, event) => {
    const { appId, name } = event.payload;
    // Ids are keys of the instance's table: of a second project's application with the same one nothing is ever shown.
    if (state.applications.has(appId)) return;
    state.applications.set(appId, {
      id: appId,
      projectId: event.aggregateId,
      createdAt: event.createdAt,
      changedAt: event.createdAt,
      name,
      state: objectState.active,
      clientId: '',
      secretHash: '',
      oidc: undefined,
      api: undefined,
    });
  },
  'project.application.changed': (state, event) =>
    change(state, event, (row) => {
      row.name = event.payload.name;
    }),
  'project.application.deactivated': (state, event) =>
    change(state, event, (row) => {
      row.state = objectState.inactive;
    }),
  'project.application.reactivated': (state, event) =>
    change(state, event, (row) => {
      row.state = objectState.active;
    }),
  'project.application.removed': (state, event) => removeApplication(state, event.payload.appId),
  'project.application.config.oidc.added': (state, event) =>
    change(state, event, (row) => {
      const { appId, clientId, hashedSecret, ...oidc } = event.payload;
      state.usedOidcApplications.add(`${event.aggregateId}/${appId}`);
      if (row.projectId !== event.aggregateId) return;
      row.oidc = oidc;
      row.clientId = clientId;
      row.secretHash = hashedSecret ?? '';
      state.clients.set(clientId, row);
    }),
  'project.application.config.oidc.changed': (state, event) =>
    change(state, event, (row) => {
      const { appId: _, ...changes } = event.payload;
      if (row.oidc) row.oidc = { ...row.oidc, ...changes };
    }),
  'project.application.config.oidc.secret.changed': (state, event) =>
    change(state, event, (row) => {
      row.secretHash = event.payload.hashedSecret;
    }),
  'project.application.config.api.added': (state, event) =>
    change(state, event, (row) => {
      const { authMethodType, clientId, hashedSecret } = event.payload;
      if (row.projectId !== event.aggregateId) return;
      row.api = { authMethodType };
      row.clientId = clientId;
      row.secretHash = hashedSecret ?? '';
      state.clients.set(clientId, row);
    }),
  'project.application.config.api.changed': (state, event) =>
    change(state, event, (row) => {
      row.api = { authMethodType: event.payload.authMethodType };
    }),
  'project.application.config.api.secret.changed': (state, event) =>
    change(state, event, (row) => {
      row.secretHash = event.payload.hashedSecret;
    }),
  'project.application.oidc.key.added': (state, event) => {
    const { appId, clientId, keyId, expirationDate, publicKey } = event.payload;
    state.keys.set(keyId, {
      id: keyId,
      subject: clientId,
      applicationId: appId,
      organizationId: event.resourceOwner,
      createdAt: event.createdAt,
      expiresAt: Date.parse(expirationDate),
      publicKey,
    });
  },
  'project.application.oidc.key.removed': (state, event) => {
    state.keys.delete(event.payload.keyId);
  },
};

/** Removes an application and its keys; its id stays used. */
export function removeApplication(state: State, id: string): void {
  const row = state.applications.get(id);
  if (!row) return;
  state.applications.delete(id);
  state.clients.delete(row.clientId);
  for (const key of state.keys.values()) if (key.applicationId === id) state.keys.delete(key.id);
}
