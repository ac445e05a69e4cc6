import type { EventPayloads } from '../store/index.ts';
import type { Reducers } from './reducers.ts';

type Types =
  Extract<keyof EventPayloads, `instance.${string}` | `web_key.${string}`> extends infer T
    ? Exclude<T, `instance.member.${string}`>
    : never;

/** The instance itself, its domains and its signing keys (internal/query/projection/instance*.go, web_key.go). */
export const instanceReducers: Reducers<Types> = {
  'instance.added': (state, event) => {
    state.instance.id = event.aggregateId;
    state.instance.name = event.payload.name;
    state.instance.createdAt = event.createdAt;
    state.instance.changedAt = event.createdAt;
  },
  'instance.changed': (state, event) => {
    state.instance.name = event.payload.name;
    state.instance.changedAt = event.createdAt;
  },
  'instance.domain.added': (state, event) => {
    state.customDomains.set(event.payload.domain, {
      createdAt: event.createdAt,
      primary: false,
      generated: event.payload.generated ?? false,
    });
  },
  'instance.domain.primary.set': (state, event) => {
    for (const [name, domain] of state.customDomains) domain.primary = name === event.payload.domain;
  },
  'instance.domain.removed': (state, event) => {
    state.customDomains.delete(event.payload.domain);
  },
  'instance.trusted_domain.added': (state, event) => {
    state.trustedDomains.set(event.payload.domain, { createdAt: event.createdAt });
  },
  'instance.trusted_domain.removed': (state, event) => {
    state.trustedDomains.delete(event.payload.domain);
  },
  'instance.default.org.set': (state, event) => {
    state.instance.defaultOrganizationId = event.payload.orgId;
  },
  'instance.iam.project.set': (state, event) => {
    state.instance.projectId = event.payload.iamProjectId;
  },
  'web_key.added': (state, event) => {
    const { keyId, alg, publicKey } = event.payload;
    const { createdAt } = event;
    state.webKeys.set(keyId, {
      id: keyId,
      alg,
      publicKey,
      createdAt,
      changedAt: createdAt,
      active: false,
      retired: false,
    });
  },
  'web_key.activated': (state, event) => {
    for (const key of state.webKeys.values()) {
      key.retired ||= key.active;
      key.active = key.id === event.aggregateId;
      if (key.active) key.changedAt = event.createdAt;
    }
  },
  'web_key.deactivated': (state, event) => {
    const key = state.webKeys.get(event.aggregateId);
    if (!key) return;
    key.changedAt = event.createdAt;
    key.retired = true;
    key.active = false;
  },
  'web_key.removed': (state, event) => {
    state.webKeys.delete(event.aggregateId);
  },
  'instance.oidc.settings.added': (state, event) => {
    state.oidcLifetimes = event.payload;
  },
  'instance.oidc.settings.changed': (state, event) => {
    if (state.oidcLifetimes) state.oidcLifetimes = { ...state.oidcLifetimes, ...event.payload };
  },
  'instance.idp.oidc.added': (state, event) => {
    const { scopes = [], ...fields } = event.payload;
    state.idps.set(fields.id, { ...fields, scopes, createdAt: event.createdAt, sequence: event.sequence });
  },
};
