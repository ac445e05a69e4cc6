import { ApiError, badRequest, nothingThere } from '../errors.ts';
import { defaultSettings, type MountState, type SecretRow, type VersionRow } from '../store/index.ts';
import {
  type Call,
  duration,
  type Fields,
  flag,
  idAt,
  integer,
  keysReply,
  numbers,
  object,
  type Reply,
  type Route,
  seconds,
} from './call.ts';

/** The paths of a KV version 2 engine (builtin/logical/kv/backend.go). */
export const kvRoutes: readonly Route[] = [
  { path: 'config', handlers: { read: readConfig, write: writeConfig } },
  {
    path: 'data/**',
    handlers: { read: readData, write: writeData, patch: patchData, delete: deleteLatest },
    exists: (call) => secretOf(call) !== undefined,
  },
  { path: 'delete/**', handlers: { write: (call) => changeVersions(call, 'kv.delete') } },
  { path: 'undelete/**', handlers: { write: (call) => changeVersions(call, 'kv.undelete') } },
  { path: 'destroy/**', handlers: { write: (call) => changeVersions(call, 'kv.destroy') } },
  {
    path: 'metadata/**',
    handlers: { read: readMetadata, list, write: writeMetadata, delete: purge },
    exists: (call) => secretOf(call) !== undefined,
  },
  { path: 'metadata', handlers: { list } },
];

/** A path of version 1 (builtin/logical/kv/backend.go): a success with status 404 whose warning says so. */
export const wrongKvPath: Reply = {
  status: 404,
  warnings: [
    'Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use.',
  ],
};

function mountOf({ mount }: Call): MountState {
  if (!mount) throw new ApiError(500, ['no mount']);
  return mount;
}

function secretOf(call: Call): SecretRow | undefined {
  return mountOf(call).kv.secrets.get(idAt(call));
}

function keep(call: Call, secret: SecretRow | undefined): number {
  // The larger of key and engine counts; 10 where neither says anything.
  return Math.max(secret?.settings.max_versions ?? 0, mountOf(call).kv.config.max_versions) || 10;
}

function show(version: number, row: VersionRow, secret: SecretRow): object {
  return {
    created_time: row.created,
    custom_metadata: secret.settings.custom_metadata,
    deletion_time: row.deleted,
    destroyed: row.destroyed,
    version,
  };
}

/** A version is gone when it was deleted, or its time has come. */
function isGone(call: Call, row: VersionRow): boolean {
  return row.destroyed || (row.deleted !== '' && Date.parse(row.deleted) <= call.kernel.now());
}

/** A version that was deleted is told apart by a whole answer with status 404 (builtin/logical/kv/path_data.go). */
function readData(call: Call): Reply {
  const secret = secretOf(call);
  const asked = Number(call.query.get('version') ?? 0);
  const version = asked > 0 ? asked : (secret?.current ?? 0);
  const row = secret?.versions.get(version);
  if (!secret || !row) throw nothingThere();
  const gone = isGone(call, row);
  return {
    ...(gone ? { status: 404 } : {}),
    data: { data: gone ? null : row.data, metadata: show(version, row, secret) },
  };
}

function checkCas(call: Call, secret: SecretRow | undefined): void {
  const options = object(call.body, 'options') ?? {};
  const cas = integer(options, 'cas');
  const isRequired = (secret?.settings.cas_required ?? false) || mountOf(call).kv.config.cas_required;
  if (cas === undefined) {
    if (isRequired) throw badRequest('check-and-set parameter required for this call');
  } else if (cas !== (secret?.current ?? 0)) {
    throw badRequest('check-and-set parameter did not match the current version');
  }
}

function writeData(call: Call): Reply {
  const data = object(call.body, 'data');
  if (!data) throw badRequest('no data provided');
  const secret = secretOf(call);
  checkCas(call, secret);
  return put(call, data, secret);
}

function put(call: Call, data: Fields, secret: SecretRow | undefined): Reply {
  const { kernel, namespace } = call;
  const path = idAt(call);
  const lifetimes = [
    secret?.settings.delete_version_after ?? 0,
    mountOf(call).kv.config.delete_version_after,
  ];
  const after = Math.min(...lifetimes.filter((one) => one > 0));
  const deleted = Number.isFinite(after) ? new Date(kernel.now() + after * 1_000).toISOString() : '';
  kernel.push({
    type: 'kv.put',
    namespace: namespace.path,
    target: mountOf(call).row.path,
    payload: { path, data, keep: keep(call, secret), deleted },
  });
  const written = secretOf(call);
  const row = written?.versions.get(written.current);
  if (!written || !row) throw new ApiError(500, ['the version was not written']);
  return { data: show(written.current, row, written) };
}

/** Changes the newest version; where there is none, 404 without a body (builtin/logical/kv/path_data.go). */
function patchData(call: Call): Reply {
  const patch = object(call.body, 'data');
  if (!patch) throw badRequest('no data provided');
  const secret = secretOf(call);
  const row = secret?.versions.get(secret.current);
  if (!secret || !row?.data || isGone(call, row)) throw new ApiError(404, [], '');
  checkCas(call, secret);
  return put(call, merged(row.data, patch), secret);
}

/** RFC 7396. */
function merged(target: unknown, patch: Fields): Fields {
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else if (typeof value === 'object' && !Array.isArray(value))
      result.set(key, merged(result.get(key), value as Fields));
    else result.set(key, value);
  }
  return Object.fromEntries(result);
}

function deleteLatest(call: Call): undefined {
  const secret = secretOf(call);
  if (secret && secret.current > 0) push(call, 'kv.delete', [secret.current]);
  return undefined;
}

function changeVersions(call: Call, type: 'kv.delete' | 'kv.undelete' | 'kv.destroy'): undefined {
  const versions = numbers(call.body, 'versions');
  if (versions.length === 0) throw badRequest('No version number provided');
  if (secretOf(call)) push(call, type, versions);
  return undefined;
}

function push(
  call: Call,
  type: 'kv.delete' | 'kv.undelete' | 'kv.destroy',
  versions: readonly number[],
): void {
  const target = mountOf(call).row.path;
  call.kernel.push({ type, namespace: call.namespace.path, target, payload: { path: idAt(call), versions } });
}

/** Names right below a folder; folders end in a slash (builtin/logical/kv/path_metadata.go). */
function list(call: Call): Reply {
  const folder = idAt(call) === '' ? '' : `${idAt(call).replace(/\/+$/, '')}/`;
  const names = [...mountOf(call).kv.secrets.keys()]
    .filter((path) => path.startsWith(folder) && path.length > folder.length)
    .map((path) => /^[^/]+\/?/.exec(path.slice(folder.length))?.[0] ?? '');
  return keysReply(new Set(names));
}

function readMetadata(call: Call): Reply {
  const secret = secretOf(call);
  if (!secret) throw nothingThere();
  const { settings } = secret;
  const versions = [...secret.versions].map(([version, row]) => [
    String(version),
    { created_time: row.created, deletion_time: row.deleted, destroyed: row.destroyed },
  ]);
  return {
    data: {
      cas_required: settings.cas_required,
      created_time: secret.created,
      current_metadata_version: secret.metadataVersion,
      current_version: secret.current,
      custom_metadata: settings.custom_metadata,
      delete_version_after: duration(settings.delete_version_after),
      max_versions: settings.max_versions,
      metadata_cas_required: false,
      oldest_version: secret.oldest,
      updated_time: secret.updated,
      versions: Object.fromEntries(versions),
    },
  };
}

function writeMetadata(call: Call): undefined {
  const { body, kernel, namespace } = call;
  const present = secretOf(call)?.settings ?? defaultSettings;
  const custom = object(body, 'custom_metadata');
  const settings = {
    max_versions: integer(body, 'max_versions') ?? present.max_versions,
    cas_required: flag(body, 'cas_required', present.cas_required),
    delete_version_after: seconds(body, 'delete_version_after') ?? present.delete_version_after,
    custom_metadata: custom
      ? Object.fromEntries(Object.entries(custom).map(([key, value]) => [key, String(value)]))
      : present.custom_metadata,
  };
  const target = mountOf(call).row.path;
  kernel.push({
    type: 'kv.settings',
    namespace: namespace.path,
    target,
    payload: { path: idAt(call), settings },
  });
  return undefined;
}

function purge(call: Call): undefined {
  const target = mountOf(call).row.path;
  if (secretOf(call))
    call.kernel.push({
      type: 'kv.purge',
      namespace: call.namespace.path,
      target,
      payload: { path: idAt(call) },
    });
  return undefined;
}

function readConfig(call: Call): Reply {
  const { config } = mountOf(call).kv;
  return {
    data: {
      cas_required: config.cas_required,
      delete_version_after: duration(config.delete_version_after),
      max_versions: config.max_versions,
      metadata_cas_required: false,
    },
  };
}

function writeConfig(call: Call): undefined {
  const { body, kernel, namespace } = call;
  const { kv, row } = mountOf(call);
  const payload = {
    max_versions: integer(body, 'max_versions') ?? kv.config.max_versions,
    cas_required: flag(body, 'cas_required', kv.config.cas_required),
    delete_version_after: seconds(body, 'delete_version_after') ?? kv.config.delete_version_after,
  };
  kernel.push({ type: 'kv.config', namespace: namespace.path, target: row.path, payload });
  return undefined;
}
