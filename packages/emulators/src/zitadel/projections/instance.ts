import type { Reducers } from './reducers.ts';

type Types =
  | Extract<keyof import('../store/index.ts').EventPayloads, `instance.domain.${string}`>
  | Extract<keyof import('../store/index.ts').EventPayloads, `instance.trusted_domain.${string}`>
  | 'instance.added'
  | 'instance.changed'
  | 'instance.default.org.set'
  | 'instance.iam.project.set'
  | 'web_key.added'
  | 'web_key.activated';

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
    state.webKeys.set(keyId, { id: keyId, alg, publicKey, active: false });
  },
  'web_key.activated': (state, event) => {
    for (const key of state.webKeys.values()) key.active = key.id === event.aggregateId;
  },
};
