import type { EventPayloads } from '../store/index.ts';
import type { Reducers } from './reducers.ts';

type Types = Extract<keyof EventPayloads, `oidc_session.${string}`>;

/** What tokens were issued and which of them still count (internal/command/oidc_session_model.go). */
export const tokenReducers: Reducers<Types> = {
  'oidc_session.added': (state, event) => {
    state.oidcSessions.set(event.aggregateId, {
      id: event.aggregateId,
      createdAt: event.createdAt,
      fields: event.payload,
      accessToken: undefined,
      refreshToken: undefined,
    });
  },
  'oidc_session.access_token.added': (state, event) => {
    const session = state.oidcSessions.get(event.aggregateId);
    if (!session) return;
    session.accessToken = {
      id: event.payload.id,
      issuedAt: event.createdAt,
      expiresAt: event.createdAt + event.payload.lifetimeMs,
      scope: event.payload.scope,
      position: state.position,
    };
  },
  'oidc_session.access_token.revoked': (state, event) => {
    const session = state.oidcSessions.get(event.aggregateId);
    if (session) session.accessToken = undefined;
  },
  'oidc_session.refresh_token.added': (state, event) => {
    const session = state.oidcSessions.get(event.aggregateId);
    if (!session) return;
    session.refreshToken = {
      id: event.payload.id,
      idleUntil: event.createdAt + event.payload.idleLifetimeMs,
      until: event.createdAt + event.payload.lifetimeMs,
    };
  },
  'oidc_session.refresh_token.renewed': (state, event) => {
    const session = state.oidcSessions.get(event.aggregateId);
    if (!session?.refreshToken) return;
    session.refreshToken = {
      id: event.payload.id,
      idleUntil: event.createdAt + event.payload.idleLifetimeMs,
      until: session.refreshToken.until,
    };
  },
  'oidc_session.refresh_token.revoked': (state, event) => {
    const session = state.oidcSessions.get(event.aggregateId);
    if (!session) return;
    session.refreshToken = undefined;
    session.accessToken = undefined;
  },
};
