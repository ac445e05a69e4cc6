export type { KeyringEntry, KeyringLoader } from './keyring-vault.ts';
export type { LoggedOut, TokenKind } from './log-out.ts';
export type { ActiveRecord, EndedRecord, SessionKey, SessionRecord, SignInFailure } from './record.ts';
export { openSessionStore, type SessionStore, type SessionStoreOptions, type StoreKind } from './store.ts';
export {
  createUserSession,
  type PausePoint,
  type Session as PersonSession,
  type SessionRequest,
  type UserSession,
  type UserSessionOptions,
} from './user-session.ts';
