/** Words for a user's state, in the order in which they win. */
export type UserState =
  | 'quarantined'
  | 'attention'
  | 'inactive'
  | 'inactive_elsewhere'
  | 'locked'
  | 'not_set_up'
  | 'waiting'
  | 'active'
  | 'deleted'
  | 'unknown';

export interface User {
  readonly id: string;
  readonly organizationId: string;
  readonly zitadelUserId: string | null;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly active: boolean;
  readonly state?: UserState;
  readonly stateReason?: string | null;
  readonly stateChangedAt?: string | null;
  readonly stateChangedBy?: string | null;
  readonly zitadelState?: string | null;
  readonly zitadelSeenAt?: string | null;
  readonly netbirdState?: string | null;
  readonly netbirdUserId?: string | null;
  readonly netbirdSeenAt?: string | null;
  readonly permissions: readonly string[];
  readonly memberships: readonly {
    readonly organizationId: string;
    readonly role: string;
    readonly home: boolean;
  }[];
  readonly lastRun?: { readonly id: string; readonly state: RunState } | null;
  readonly version?: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type RunState =
  | 'queued'
  | 'running'
  | 'waiting'
  | 'done'
  | 'attention'
  | 'quarantined'
  | 'compensating'
  | 'compensated'
  | 'abandoned';

export type StepState =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'done'
  | 'late'
  | 'attention'
  | 'quarantined'
  | 'compensated';

export interface Step {
  readonly name: string;
  readonly title: string;
  readonly state: StepState;
  readonly attempts: number;
  readonly detail: string | null;
  readonly code: string | null;
  readonly error: string | null;
  readonly nextTryAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly idempotencyKey?: string | null;
  readonly place?: 'here' | 'zitadel' | 'netbird';
  readonly tookMs?: number | null;
  readonly undo?: string | null;
}

/** What a person may decide about a run that stopped. */
export type Choice = 'resume' | 'compensate' | 'abandon';

export interface Run {
  readonly id: string;
  readonly saga: string;
  readonly title?: string | null;
  readonly batchId?: string | null;
  readonly organizationId: string;
  readonly userId: string | null;
  readonly state: RunState;
  readonly code: string | null;
  readonly reason: string | null;
  readonly requestedBy: string;
  readonly steps?: readonly Step[];
  readonly choices: readonly Choice[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
}

/** What one place says of a user, or why it could not be asked. */
export type Place =
  | ({ readonly ok: true; readonly at: string } & PlaceFacts)
  | { readonly ok: false; readonly at: string; readonly code: string; readonly message: string };

export interface PlaceFacts {
  readonly state?: string | null;
  readonly email?: string | null;
  readonly name?: string | null;
  /** NetBird's. */
  readonly role?: string | null;
  /** Those of the application's project at Zitadel. */
  readonly roles?: readonly string[];
  readonly organizationId?: string | null;
  readonly groups?: readonly string[];
  readonly lastSeen?: string | null;
}

export interface Places {
  readonly zitadel: Place;
  readonly netbird: Place;
}

export interface HistoryEntry {
  readonly at: string;
  readonly kind: 'status' | 'run' | 'audit';
  readonly id: string;
  /** What happened, in words. */
  readonly what: string;
  readonly actor: string;
  readonly cause: string | null;
  readonly reason: string | null;
  readonly deniedAfterMs: number | null;
}

export interface Session {
  readonly id: string;
  readonly createdAt: string | null;
  readonly lastSeenAt: string | null;
  readonly expiresAt: string | null;
  readonly userAgent: string | null;
  readonly ip: string | null;
  readonly factors: readonly string[];
  readonly current?: boolean;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly os: string | null;
  readonly connected: boolean;
  readonly lastSeen: string | null;
  readonly ip: string | null;
}

export interface BulkResult {
  readonly batchId: string;
  readonly items: readonly (
    | { readonly id: string; readonly runId: string }
    | { readonly id: string; readonly code: string; readonly message: string }
  )[];
}
