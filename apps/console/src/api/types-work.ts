import type { Run } from './types-users.ts';

export interface Import {
  readonly id: string;
  readonly organizationId: string;
  readonly fileName: string;
  readonly state: 'reading' | 'checked' | 'running' | 'stopping' | 'stopped' | 'done' | 'refused';
  readonly requestedBy: string;
  readonly total: number;
  readonly plan: {
    readonly create: number;
    readonly change: number;
    readonly same: number;
    readonly refuse: number;
  };
  readonly mails: number;
  readonly outcome: {
    readonly done: number;
    readonly waiting: number;
    readonly attention: number;
    readonly failed: number;
    readonly running: number;
  };
  readonly ratePerSecond: number | null;
  readonly leftMs: number | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface ImportRow {
  readonly row: number;
  readonly plan: 'create' | 'change' | 'same' | 'refuse';
  readonly state?: string | null;
  readonly email?: string | null;
  readonly userId?: string | null;
  readonly runId?: string | null;
  readonly field?: string | null;
  readonly code?: string | null;
  readonly message?: string | null;
}

export interface Sweep {
  readonly id: string;
  readonly organizationId: string | null;
  readonly cause: 'timer' | 'person' | 'start' | 'event';
  readonly requestedBy: string;
  readonly state: 'running' | 'done' | 'braked' | 'approved' | 'discarded' | 'failed';
  readonly canary: string | null;
  readonly usersRead: number;
  readonly activated: number;
  readonly deactivated: number;
  readonly corrected: number;
  readonly skipped: number;
  readonly held: number;
  readonly brakeLimit: number | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly decisionReason: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly organizations?: readonly SweepShare[];
}

/** What a braked sweep would do to one organization. */
export interface SweepShare {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly active: number;
  readonly wouldGo: number;
  readonly limit: number | null;
  readonly says: string | null;
}

export interface SweepItem {
  readonly userId: string;
  readonly organizationId: string;
  readonly email?: string | null;
  readonly name?: string | null;
  readonly kind: 'activate' | 'deactivate' | 'correct' | 'report';
  readonly state: 'held' | 'approved' | 'applied' | 'dropped' | 'skipped' | 'failed';
  readonly was: string;
  readonly says: string;
  readonly detail: string | null;
}

export interface Attention {
  readonly kind: string;
  readonly id: string;
  readonly title: string;
  readonly since: string;
  readonly action: string;
  readonly organizationId?: string | null;
}

export interface IntegrationHealth {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly reachable: boolean | null;
  readonly checkedAt: string | null;
  readonly eventLagMs?: number | null;
  readonly budgetUsed?: number | null;
  readonly keyExpiresAt?: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

export interface Charts {
  readonly timeToDeny: readonly { readonly at: string; readonly ms: number; readonly id: string }[];
  readonly drift: readonly {
    readonly sweep: string;
    readonly at: string;
    readonly corrected: number;
    readonly left: number;
    readonly limit: number;
  }[];
  readonly provisioning: readonly {
    readonly hour: string;
    readonly done: number;
    readonly waiting: number;
    readonly attention: number;
    readonly quarantined: number;
  }[];
  readonly eventLag: readonly { readonly at: string; readonly p50Ms: number; readonly p99Ms: number }[];
}

export interface Overview {
  readonly attention: readonly Attention[];
  readonly integrations: readonly IntegrationHealth[];
  readonly charts: Charts;
  readonly lastRuns: readonly Run[];
  readonly sync: {
    readonly lastAt: string | null;
    readonly nextAt: string | null;
    readonly state: string | null;
  };
}

export interface Integration {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly issuer?: string | null;
  readonly domain?: string | null;
  readonly address?: string | null;
  readonly projectId?: string | null;
  readonly clientId?: string | null;
  readonly webClientId?: string | null;
  readonly managementClientId?: string | null;
  readonly secretsChangedAt?: string | null;
  readonly secretsChangedBy?: string | null;
  readonly updatedAt?: string | null;
}

export interface Check {
  readonly name: string;
  readonly mark: 'ok' | 'warn' | 'fail' | 'skip';
  readonly saw: string | null;
  readonly means: string | null;
  readonly fix: string | null;
}

export interface TestReport {
  readonly checks: readonly Check[];
  readonly roles?: {
    readonly has: readonly string[];
    readonly needs: readonly string[];
    readonly missing: readonly string[];
    /** What would do, where one of several is enough. */
    readonly wanted: readonly string[];
  } | null;
}

export interface ServiceAccount {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly roles: { readonly has: readonly string[]; readonly needs: readonly string[] };
  readonly keys: readonly {
    readonly id: string;
    readonly createdAt: string | null;
    readonly expiresAt: string | null;
  }[];
  readonly lastUsedAt: string | null;
}
