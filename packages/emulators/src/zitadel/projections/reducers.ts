import type { EventType, StoredEvent } from '../store/index.ts';
import { actionReducers } from './actions.ts';
import { administratorReducers } from './administrators.ts';
import { applicationReducers } from './applications.ts';
import { authorizationReducers } from './authorizations.ts';
import { instanceReducers } from './instance.ts';
import { logoutReducers } from './logouts.ts';
import { organizationReducers } from './organizations.ts';
import { projectReducers } from './projects.ts';
import { sessionReducers } from './sessions.ts';
import type { State } from './state.ts';
import { tokenReducers } from './tokens.ts';
import { userCredentialReducers } from './user-credentials.ts';
import { userReducers } from './users.ts';

/** What an event of one type does to the tables. */
export type Reducer<T extends EventType> = (state: State, event: StoredEvent<T>) => void;

/** Reducers of some event types. */
export type Reducers<T extends EventType> = { readonly [K in T]: Reducer<K> };

/** One reducer for every event type there is: the compiler sees to it that none is forgotten. */
export const reducers: Reducers<EventType> = {
  ...instanceReducers,
  ...organizationReducers,
  ...userReducers,
  ...userCredentialReducers,
  ...projectReducers,
  ...applicationReducers,
  ...authorizationReducers,
  ...administratorReducers,
  ...sessionReducers,
  ...tokenReducers,
  ...logoutReducers,
  ...actionReducers,
};

/** Every event type that this emulator makes. */
export const projectedEventTypes: readonly string[] = Object.keys(reducers);
