/** @see http/sys_health.go */
export interface HealthBody {
  readonly initialized: boolean;
  readonly sealed: boolean;
  readonly standby: boolean;
  readonly replication_performance_mode: string;
  readonly replication_dr_mode: string;
  /** Seconds since the epoch. */
  readonly server_time_utc: number;
  readonly version: string;
  readonly cluster_name?: string;
  readonly cluster_id?: string;
}

/** @see vault/logical_system.go */
export interface SealStatusBody {
  readonly type: string;
  readonly initialized: boolean;
  readonly sealed: boolean;
  /** Keys that are needed. */
  readonly t: number;
  /** Keys that there are. */
  readonly n: number;
  /** Keys given so far. */
  readonly progress: number;
  readonly nonce: string;
  readonly version: string;
  readonly commit_date: string;
  readonly migration: boolean;
  readonly recovery_seal: boolean;
  readonly storage_type?: string;
  readonly cluster_name?: string;
  readonly cluster_id?: string;
}

/** The only answer that has its fields outside the envelope. @see http/sys_init.go */
export interface InitBody {
  readonly keys: readonly string[];
  readonly keys_base64: readonly string[];
  readonly root_token: string;
}

/** A mount of a secrets engine or an auth method. @see vault/logical_system.go */
export interface MountBody {
  readonly type: string;
  readonly description: string;
  readonly accessor: string;
  readonly uuid: string;
  readonly local: boolean;
  readonly options: Readonly<Record<string, string>> | null;
  readonly config: MountConfigBody;
}

/** Lifetimes are seconds when read. */
export interface MountConfigBody {
  readonly default_lease_ttl: number;
  readonly max_lease_ttl: number;
  readonly force_no_cache?: boolean;
  readonly token_type?: string;
  readonly listing_visibility?: string;
}

/** @see vault/policy_store.go */
export interface PolicyBody {
  readonly name: string;
  readonly policy: string;
}
