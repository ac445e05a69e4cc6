import type { EventPayloads, OpenbaoEvent } from './events.ts';
import type { SecretRow, SecretSettings, VersionRow } from './records.ts';

/** A KV engine's secrets and settings. */
export interface KvState {
  readonly secrets: Map<string, SecretRow>;
  config: EventPayloads['kv.config'];
}

/** Settings of a secret that nobody has set. */
export const defaultSettings: SecretSettings = {
  max_versions: 0,
  cas_required: false,
  delete_version_after: 0,
  custom_metadata: null,
};

/** Lets an event of a KV engine have happened. */
export function applyKv(kv: KvState, event: OpenbaoEvent): void {
  const at = new Date(event.at).toISOString();
  switch (event.type) {
    case 'kv.config':
      kv.config = event.payload;
      return;
    case 'kv.put':
      put(kv, event.payload, at);
      return;
    case 'kv.settings': {
      const { path, settings } = event.payload;
      const row = kv.secrets.get(path) ?? emptySecret(at);
      kv.secrets.set(path, { ...row, settings, updated: at, metadataVersion: row.metadataVersion + 1 });
      return;
    }
    case 'kv.delete':
      changeVersions(kv, event.payload, (row) =>
        row.deleted || row.destroyed ? row : { ...row, deleted: at },
      );
      return;
    case 'kv.undelete':
      changeVersions(kv, event.payload, (row) => (row.destroyed ? row : { ...row, deleted: '' }));
      return;
    case 'kv.destroy':
      changeVersions(kv, event.payload, (row) => ({ ...row, data: null, destroyed: true }));
      return;
    case 'kv.purge':
      kv.secrets.delete(event.payload.path);
      return;
    default:
  }
}

function put(kv: KvState, { path, data, keep, deleted }: EventPayloads['kv.put'], at: string): void {
  const row = kv.secrets.get(path) ?? emptySecret(at);
  const version = row.current + 1;
  const versions = new Map(row.versions).set(version, { data, created: at, deleted, destroyed: false });
  for (const old of [...versions.keys()]) if (old <= version - keep) versions.delete(old);
  // Upstream counts from 0 until the first version falls out.
  const oldest = version > keep ? version - keep + 1 : row.oldest;
  kv.secrets.set(path, { ...row, versions, current: version, oldest, updated: at });
}

function changeVersions(
  kv: KvState,
  { path, versions }: { readonly path: string; readonly versions: readonly number[] },
  change: (row: VersionRow) => VersionRow,
): void {
  const secret = kv.secrets.get(path);
  if (!secret) return;
  const next = new Map(secret.versions);
  for (const version of versions) {
    const row = next.get(version);
    if (row) next.set(version, change(row));
  }
  kv.secrets.set(path, { ...secret, versions: next });
}

function emptySecret(at: string): SecretRow {
  return {
    versions: new Map(),
    current: 0,
    oldest: 0,
    created: at,
    updated: at,
    settings: defaultSettings,
    metadataVersion: 0,
  };
}
