/** State of one version of a secret. @see builtin/logical/kv */
export interface VersionBody {
  readonly created_time: string;
  /** Empty while the version is not deleted. */
  readonly deletion_time: string;
  readonly destroyed: boolean;
}

/** What a write tells, and a read beside the data. */
export interface VersionMetadataBody extends VersionBody {
  readonly version: number;
  readonly custom_metadata: Readonly<Record<string, string>> | null;
}

/** A version as it is read; `data` is null for one that was deleted, which comes with 404. */
export interface SecretBody {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly metadata: VersionMetadataBody;
}

/** A secret without its data. */
export interface SecretMetadataBody {
  readonly versions: Readonly<Record<string, VersionBody>>;
  readonly current_version: number;
  readonly oldest_version: number;
  readonly created_time: string;
  readonly updated_time: string;
  readonly max_versions: number;
  readonly cas_required: boolean;
  readonly delete_version_after: string;
  readonly custom_metadata: Readonly<Record<string, string>> | null;
  readonly current_metadata_version?: number;
  readonly metadata_cas_required?: boolean;
}

/** Settings of a KV version 2 engine. */
export interface KvConfigBody {
  readonly max_versions: number;
  readonly cas_required: boolean;
  readonly delete_version_after: string;
}
