import type { Generated } from 'kysely';
import type { Time, WithDefault } from './columns.ts';

/** The application that a browser signed in through: the tenants' console, or the separate one for site administration. */
export type WebApplication = 'console' | 'management';

/** `web_sign_ins`: a sign-in under way. `content` is sealed. */
export interface WebSignInTable {
  state_hash: string;
  application: WebApplication;
  content: string;
  expires_at: Time;
}

/** `web_sessions`: a browser that is signed in. Its tokens are sealed; its cookie is stored as a hash alone. */
export interface WebSessionTable {
  id_hash: string;
  application: WebApplication;
  integration_id: string;
  subject: string;
  /** `sid` of the id_token, by which Zitadel ends it. */
  zitadel_session_id: string | null;
  name: string;
  email: string;
  tokens: string;
  csrf_hash: string;
  /** The organization that a site administrator has given a reason to act in. */
  acting_organization_id: WithDefault<string | null>;
  acting_reason: WithDefault<string | null>;
  user_agent: string | null;
  created_at: Time;
  seen_at: Time;
  /** When Zitadel last confirmed it. */
  checked_at: Time;
  expires_at: Time;
}

/** `changes`: the outbox of live streams, written by triggers; `tx` orders entries by their transaction. */
export interface ChangeTable {
  id: Generated<string>;
  tx: WithDefault<string>;
  at: WithDefault<Date>;
  organization_id: string | null;
  kind: 'user' | 'run' | 'sweep' | 'import';
  object_id: string;
}
