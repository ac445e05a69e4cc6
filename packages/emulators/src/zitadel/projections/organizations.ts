import type { EventPayloads, StoredEvent } from '../store/index.ts';
import { removeAdministratorsOf } from './administrators.ts';
import { removeAuthorization } from './authorizations.ts';
import { setMetadata } from './metadata.ts';
import { removeProject } from './projects.ts';
import { type OrganizationRow, objectState } from './records.ts';
import type { Reducers } from './reducers.ts';
import type { State } from './state.ts';
import { removeUser } from './users.ts';

type Types = Exclude<Extract<keyof EventPayloads, `org.${string}`>, `org.member.${string}`>;

function change(state: State, event: StoredEvent, edit: (row: OrganizationRow) => void): void {
  const row = state.organizations.get(event.aggregateId);
  if (!row) return;
  edit(row);
  row.changedAt = event.createdAt;
  row.sequence = event.sequence;
}

/** Organizations, their domains and metadata (internal/query/projection/org*.go). */
export const organizationReducers: Reducers<Types> = {
  'org.added': (state, event) => {
    state.organizations.set(event.aggregateId, {
      id: event.aggregateId,
      createdAt: event.createdAt,
      changedAt: event.createdAt,
      sequence: event.sequence,
      name: event.payload.name,
      state: objectState.active,
      domains: new Map(),
      metadata: new Map(),
    });
    state.organizationNames.set(event.payload.name.toLowerCase(), event.aggregateId);
  },
  'org.changed': (state, event) =>
    change(state, event, (row) => {
      state.organizationNames.delete(row.name.toLowerCase());
      row.name = event.payload.name;
      state.organizationNames.set(row.name.toLowerCase(), row.id);
    }),
  'org.deactivated': (state, event) =>
    change(state, event, (row) => {
      row.state = objectState.inactive;
    }),
  'org.reactivated': (state, event) =>
    change(state, event, (row) => {
      row.state = objectState.active;
    }),
  'org.removed': (state, event) => {
    const row = state.organizations.get(event.aggregateId);
    if (!row) return;
    state.organizations.delete(row.id);
    state.organizationNames.delete(row.name.toLowerCase());
    for (const domain of row.domains.keys()) state.organizationDomains.delete(domain);
    for (const id of state.usersOfOrganization.get(row.id)?.values().toReversed() ?? [])
      removeUser(state, id);
    for (const project of state.projects.values()) {
      if (project.organizationId === row.id) removeProject(state, project.id);
      else project.grants.delete(row.id);
    }
    for (const authorization of state.authorizations.values()) {
      if (authorization.organizationId === row.id) removeAuthorization(state, authorization.id);
    }
    removeAdministratorsOf(state, (administrator) => administrator.organizationId === row.id);
  },
  'org.domain.added': (state, event) =>
    change(state, event, (row) => {
      const { domain } = event.payload;
      row.domains.set(domain, {
        domain,
        createdAt: event.createdAt,
        verified: false,
        primary: false,
        validationType: 0,
      });
    }),
  'org.domain.verification.added': (state, event) =>
    change(state, event, (row) => {
      const domain = row.domains.get(event.payload.domain);
      if (domain) domain.validationType = event.payload.validationType;
    }),
  'org.domain.verified': (state, event) =>
    change(state, event, (row) => {
      const domain = row.domains.get(event.payload.domain);
      if (domain) domain.verified = true;
      state.organizationDomains.set(event.payload.domain, row.id);
    }),
  'org.domain.primary.set': (state, event) =>
    change(state, event, (row) => {
      for (const domain of row.domains.values()) domain.primary = domain.domain === event.payload.domain;
    }),
  'org.domain.removed': (state, event) =>
    change(state, event, (row) => {
      row.domains.delete(event.payload.domain);
      if (state.organizationDomains.get(event.payload.domain) === row.id) {
        state.organizationDomains.delete(event.payload.domain);
      }
    }),
  'org.metadata.set': (state, event) =>
    change(state, event, (row) => setMetadata(row.metadata, event.payload, event.createdAt)),
  'org.metadata.removed': (state, event) =>
    change(state, event, (row) => {
      row.metadata.delete(event.payload.key);
    }),
};

/** The primary domain of an organization, or nothing while it has none. */
export function primaryDomain(row: OrganizationRow | undefined): string {
  for (const domain of row?.domains.values() ?? []) if (domain.primary) return domain.domain;
  return '';
}
