import type { EventPayloads } from '../store/index.ts';
import type { Reducers } from './reducers.ts';

type Types = Extract<keyof EventPayloads, `session_logout.${string}`>;

/** Which application is to be told when a session ends, and has not been (internal/notification/handlers/back_channel_logout.go). */
export const logoutReducers: Reducers<Types> = {
  'session_logout.back_channel.registered': (state, { aggregateId: sessionId, payload }) => {
    const registered = state.logouts.get(sessionId) ?? new Map();
    state.logouts.set(sessionId, registered);
    registered.set(payload.oidc_session_id, {
      sessionId,
      oidcSessionId: payload.oidc_session_id,
      userId: payload.user_id,
      clientId: payload.client_id,
      uri: payload.back_channel_logout_uri,
    });
  },
  'session_logout.back_channel.sent': (state, { aggregateId, payload }) => {
    state.logouts.get(aggregateId)?.delete(payload.oidc_session_id);
  },
};
