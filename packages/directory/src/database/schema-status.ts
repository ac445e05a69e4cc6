import type { Generated } from 'kysely';
import type { Time, WithDefault } from './columns.ts';

/** `status_changes`: when a user's state changed, why, and how long it took until the user was denied. */
export interface StatusChangeTable {
  id: Generated<string>;
  user_id: string;
  organization_id: string;
  at: Time;
  from_state: string;
  to_state: string;
  cause: 'person' | 'sweep' | 'event' | 'run';
  /** Id of the run, sweep or event. */
  cause_id: string | null;
  actor: string;
  reason: string | null;
  denied_after_ms: WithDefault<number | null>;
}

/** State of a sweep. `braked` waits for a person, who approves or discards what it holds. */
export type SweepState = 'running' | 'done' | 'braked' | 'approved' | 'discarded' | 'failed';

/** `sweeps`: one pass of the status sync over one organization, or over all. */
export interface SweepTable {
  id: string;
  organization_id: string | null;
  cause: 'timer' | 'person' | 'start' | 'event';
  requested_by: string;
  state: SweepState;
  /** What the canary read said, in words. */
  canary: WithDefault<string | null>;
  users_read: WithDefault<number>;
  activated: WithDefault<number>;
  deactivated: WithDefault<number>;
  corrected: WithDefault<number>;
  skipped: WithDefault<number>;
  held: WithDefault<number>;
  brake_limit: WithDefault<number | null>;
  reason_code: WithDefault<string | null>;
  reason: WithDefault<string | null>;
  decided_by: WithDefault<string | null>;
  decided_at: WithDefault<Date | null>;
  decision_reason: WithDefault<string | null>;
  started_at: Time;
  finished_at: WithDefault<Date | null>;
  lease_until: WithDefault<Date | null>;
}

/** `sweep_items`: a user that a sweep found differing, and what became of it. */
export interface SweepItemTable {
  sweep_id: string;
  user_id: string;
  organization_id: string;
  kind: 'activate' | 'deactivate' | 'correct' | 'report';
  /** `held` waits for a person, `approved` for being looked at again. */
  state: 'held' | 'approved' | 'applied' | 'dropped' | 'skipped' | 'failed';
  /** State here before. */
  was: string;
  /** What Zitadel said. */
  says: string;
  detail: string | null;
}

/** `sweep_organizations`: what a sweep read of one organization, or why it could not. */
export interface SweepOrganizationTable {
  sweep_id: string;
  organization_id: string;
  users_read: number;
  /** Active users here when it was read. */
  active: number;
  /** How many of them a sweep may deactivate without asking; null without a brake. */
  brake_limit: number | null;
  code: string | null;
  reason: string | null;
}
