import { badRequest } from '../errors.ts';
import { newUuid } from '../kernel.ts';
import type { MountRow, NamespaceState } from '../store/index.ts';
import { type Call, type Fields, idAt, object, type Reply, type Route, seconds, text } from './call.ts';
import { systemTtl } from './issue.ts';

type Kind = MountRow['kind'];

/** Enabling, listing and changing of auth methods and secrets engines (vault/logical_system.go). */
export const mountRoutes: readonly Route[] = (['auth', 'mounts'] as const).flatMap((kind) => {
  const needsSudo = kind === 'auth';
  return [
    { path: kind, handlers: { read: (call: Call) => list(call, kind) } },
    {
      path: `${kind}/**/tune`,
      handlers: { read: (call: Call) => readTuning(call, kind), write: (call: Call) => tune(call, kind) },
      needsSudo,
    },
    {
      path: `${kind}/**`,
      handlers: {
        read: (call: Call) => readOne(call, kind),
        write: (call: Call) => enable(call, kind),
        delete: (call: Call) => disable(call, kind),
      },
      needsSudo,
    },
  ];
});

/** Paths of this kind, by the name that lists show them with. */
function rows(namespace: NamespaceState, kind: Kind): readonly MountRow[] {
  return [...namespace.mounts.values()].map(({ row }) => row).filter((row) => row.kind === kind);
}

function keyOf(kind: Kind, path: string): string {
  return kind === 'auth' ? `auth/${path}` : path;
}

function pathOf(call: Call): string {
  return idAt(call).replace(/\/+$/, '');
}

/** As `sys/mounts` and `sys/auth` show them. */
function list({ namespace }: Call, kind: Kind): Reply {
  const shown = allRows(namespace, kind).map((row) => [`${row.path}/`, showMount(row)] as const);
  return { data: Object.fromEntries(shown), isDoubled: true };
}

/** What is mounted in a namespace, with what every namespace has. */
export function allRows(namespace: NamespaceState, kind: Kind): readonly MountRow[] {
  return [kind === 'auth' ? tokenMount(namespace) : systemMount(namespace), ...rows(namespace, kind)];
}

function systemMount(namespace: NamespaceState): MountRow {
  const description = 'system endpoints used for control, policy and debugging';
  const type = namespace.path === '' ? 'system' : 'ns_system';
  return {
    ...tokenMount(namespace),
    kind: 'mounts',
    path: 'sys',
    type,
    description,
    accessor: 'system_00000000',
  };
}

/** Every namespace has the token method, which nobody can take away. */
function tokenMount({ path }: NamespaceState): MountRow {
  return {
    kind: 'auth',
    path: 'token',
    type: path === '' ? 'token' : 'ns_token',
    description: 'token based credentials',
    accessor: 'auth_token_00000000',
    uuid: '00000000-0000-4000-8000-000000000000',
    options: {},
    defaultTtl: 0,
    maxTtl: 0,
    listingVisibility: '',
  };
}

/** Everything of a mount that its listings show. */
export function showMount(row: MountRow): object {
  return {
    type: row.type,
    description: row.description,
    accessor: row.accessor,
    uuid: row.uuid,
    local: false,
    seal_wrap: false,
    external_entropy_access: false,
    options: isFixed(row) ? null : row.options,
    plugin_version: '',
    running_plugin_version: 'v2.6.2+builtin.bao',
    running_sha256: '',
    config: {
      default_lease_ttl: row.defaultTtl,
      max_lease_ttl: row.maxTtl,
      force_no_cache: false,
      ...(row.kind === 'auth' ? { token_type: 'default-service' } : {}),
      ...(row.listingVisibility === '' ? {} : { listing_visibility: row.listingVisibility }),
    },
  };
}

function isFixed({ kind, path }: MountRow): boolean {
  return path === (kind === 'auth' ? 'token' : 'sys');
}

function find(call: Call, kind: Kind): MountRow {
  const path = pathOf(call);
  if (kind === 'auth' && path === 'token') return tokenMount(call.namespace);
  const row = call.namespace.mounts.get(keyOf(kind, path))?.row;
  if (!row)
    throw badRequest(kind === 'auth' ? `No auth engine at ${path}/` : `No secret engine mount at ${path}/`);
  return row;
}

function readOne(call: Call, kind: Kind): Reply {
  return { data: showMount(find(call, kind)), isDoubled: true };
}

const types = { auth: ['jwt', 'oidc', 'userpass'], mounts: ['kv', 'kv-v2'] } as const;

function enable(call: Call, kind: Kind): undefined {
  const { body, kernel, namespace } = call;
  const path = pathOf(call);
  const key = keyOf(kind, path);
  const given = text(body, 'type');
  if (!(types[kind] as readonly string[]).includes(given))
    throw badRequest(`plugin not found in the catalog: ${given}`);
  const known = [...namespace.mounts.keys(), 'auth/token', 'sys', 'auth', 'cubbyhole', 'identity'];
  const taken = known.find((one) => one === key || one.startsWith(`${key}/`) || key.startsWith(`${one}/`));
  if (taken !== undefined && !(kind === 'auth' && taken === 'auth'))
    throw badRequest(`path is already in use at ${taken.replace(/^auth\//, '')}/`);
  const asked = object(body, 'options') ?? {};
  const options = Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, String(value)]));
  const isKv2 = given === 'kv-v2' || options.version === '2';
  if (kind === 'mounts' && !isKv2) throw badRequest('only version 2 of the KV engine is emulated');
  const type = given === 'kv-v2' ? 'kv' : given;
  const mount: MountRow = {
    kind,
    path,
    type,
    description: text(body, 'description'),
    accessor: `${kind === 'auth' ? 'auth_' : ''}${type}_${newUuid().slice(0, 8)}`,
    uuid: newUuid(),
    options: isKv2 ? { ...options, version: '2' } : options,
    ...readConfig(object(body, 'config') ?? {}, { defaultTtl: 0, maxTtl: 0, listingVisibility: '' }),
  };
  kernel.push({ type: 'mount.enable', namespace: namespace.path, target: key, payload: { mount } });
  return undefined;
}

type Tuned = Pick<MountRow, 'defaultTtl' | 'maxTtl' | 'listingVisibility'>;

function readConfig(config: Fields, present: Tuned): Tuned {
  const visibility = text(config, 'listing_visibility');
  return {
    defaultTtl: seconds(config, 'default_lease_ttl') ?? present.defaultTtl,
    maxTtl: seconds(config, 'max_lease_ttl') ?? present.maxTtl,
    listingVisibility: visibility === '' ? present.listingVisibility : visibility,
  };
}

/** Lifetimes of the server stand in where the mount has none of its own. */
function readTuning(call: Call, kind: Kind): Reply {
  const row = find(call, kind);
  return {
    data: {
      default_lease_ttl: row.defaultTtl || systemTtl,
      max_lease_ttl: row.maxTtl || systemTtl,
      description: row.description,
      force_no_cache: false,
      ...(kind === 'auth' ? { token_type: 'default-service' } : { options: row.options }),
      ...(row.listingVisibility === '' ? {} : { listing_visibility: row.listingVisibility }),
    },
    isDoubled: true,
  };
}

function tune(call: Call, kind: Kind): undefined {
  const { body, kernel, namespace } = call;
  const row = find(call, kind);
  const changes = {
    ...readConfig(body, row),
    ...(body.description === undefined ? {} : { description: text(body, 'description') }),
  };
  const target = keyOf(kind, row.path);
  kernel.push({ type: 'mount.tune', namespace: namespace.path, target, payload: { changes } });
  return undefined;
}

/** Takes a mount away with all that is in it, tokens of a method too; one that is not there is fine. */
function disable(call: Call, kind: Kind): undefined {
  const { kernel, namespace } = call;
  const key = keyOf(kind, pathOf(call));
  if (!namespace.mounts.has(key)) return undefined;
  kernel.runtime.checkers.delete(`${namespace.path} ${key}`);
  const issued = [...kernel.state.tokens.values()].filter(
    (row) => row.namespace === namespace.path && row.path.startsWith(`${key}/`),
  );
  kernel.push(
    ...issued.map((row) => ({
      type: 'token.revoke' as const,
      namespace: row.namespace,
      target: row.hash,
      payload: {},
    })),
    { type: 'mount.disable', namespace: namespace.path, target: key, payload: {} },
  );
  return undefined;
}
