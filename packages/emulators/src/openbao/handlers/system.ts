import { timingSafeEqual } from 'node:crypto';
import { makeKeys } from '../bootstrap.ts';
import { badRequest } from '../errors.ts';
import { hashOf, type Kernel } from '../kernel.ts';
import { type Call, flag, integer, type Reply, type Route, text, texts } from './call.ts';

/** Version that the answers are those of. */
export const version = '2.6.2';

/** The calls of sys that a sealed server answers too, in the root namespace alone (http/handler.go). */
export const bareRoutes: readonly Route[] = [
  { path: 'health', handlers: { read: health }, isOpen: true },
  { path: 'init', handlers: { read: initStatus, write: init }, isOpen: true },
  { path: 'unseal', handlers: { write: unseal }, isOpen: true },
  { path: 'seal-status', handlers: { read: sealStatus }, isOpen: true },
  { path: 'leader', handlers: { read: leader }, isOpen: true },
];

/** Calls about the caller and the server that need a token. */
export const systemRoutes: readonly Route[] = [
  { path: 'seal', handlers: { write: seal }, needsSudo: true },
  { path: 'capabilities-self', handlers: { write: capabilitiesSelf } },
];

/** Says by its status how the server is: first whether it was initialized (http/sys_health.go). */
function health({ kernel, query }: Call): Reply {
  const { state, runtime, outside } = kernel;
  const statusOf = (name: string, usual: number) => {
    const given = query.get(name);
    if (given === null) return usual;
    if (!/^\d{3}$/.test(given)) throw badRequest(`bad value for ${name}`);
    return Number(given);
  };
  const standby = outside.controls.standby;
  const status = !state.isInitialized
    ? statusOf('uninitcode', 501)
    : runtime.sealed
      ? statusOf('sealedcode', 503)
      : standby && query.get('standbyok') !== 'true'
        ? statusOf('standbycode', 429)
        : statusOf('activecode', 200);
  return {
    status,
    bare: {
      initialized: state.isInitialized,
      sealed: runtime.sealed,
      standby: runtime.sealed || standby,
      replication_performance_mode: runtime.sealed ? 'unknown' : 'disabled',
      replication_dr_mode: runtime.sealed ? 'unknown' : 'disabled',
      server_time_utc: Math.floor(kernel.now() / 1_000),
      version,
      ...(runtime.sealed ? {} : clusterOf(kernel)),
    },
  };
}

function clusterOf({ state }: Kernel): object {
  return { cluster_name: `vault-cluster-${state.clusterId.slice(0, 8)}`, cluster_id: state.clusterId };
}

function sealStatus({ kernel }: Call): Reply {
  const { state, runtime } = kernel;
  return {
    bare: {
      type: 'shamir',
      initialized: state.isInitialized,
      sealed: runtime.sealed,
      t: state.threshold,
      n: state.keyHashes.length,
      progress: runtime.sealed ? runtime.unsealing.size : 0,
      nonce: '',
      recovery_seal: false,
      version,
      commit_date: '',
      migration: false,
      ...(runtime.sealed ? {} : clusterOf(kernel)),
      storage_type: 'inmem',
    },
  };
}

function leader(): Reply {
  return { bare: { ha_enabled: false, is_self: false, leader_address: '', leader_cluster_address: '' } };
}

function initStatus({ kernel }: Call): Reply {
  return { bare: { initialized: kernel.state.isInitialized } };
}

/** Makes unseal keys and the first token, and stays sealed (http/sys_init.go). */
function init({ kernel, body }: Call): Reply {
  const shares = integer(body, 'secret_shares') ?? 0;
  const threshold = integer(body, 'secret_threshold') ?? 0;
  if (shares < 1) throw badRequest('invalid seal configuration: shares must be at least one');
  if (threshold < 1) throw badRequest('invalid seal configuration: threshold must be at least one');
  if (threshold > shares)
    throw badRequest('invalid seal configuration: threshold cannot be larger than shares');
  if (shares > 1 && threshold === 1)
    throw badRequest('invalid seal configuration: threshold must be greater than one for multiple shares');
  if (kernel.state.isInitialized) throw badRequest('Vault is already initialized');
  const { keys, rootToken } = makeKeys(kernel.log, { shares, threshold, now: kernel.now() });
  return {
    bare: {
      keys: keys.map((key) => Buffer.from(key, 'base64').toString('hex')),
      keys_base64: keys,
      root_token: rootToken,
    },
  };
}

/** Takes one key at a time until there are enough (http/sys_seal.go). */
function unseal(call: Call): Reply {
  const { kernel, body } = call;
  const { runtime, state } = kernel;
  if (flag(body, 'reset')) {
    runtime.unsealing.clear();
    return sealStatus(call);
  }
  const given = text(body, 'key');
  if (given === '')
    throw badRequest("'key' must be specified in request body as JSON, or 'reset' set to true");
  const isHex = /^(?:[0-9a-f]{2})+$/i.test(given);
  const key = Buffer.from(given, isHex ? 'hex' : 'base64');
  if (!isHex && !/^[\w+/]{4,}={0,2}$/.test(given))
    throw badRequest("'key' must be a valid hex or base64 string");
  if (!state.isInitialized) throw badRequest('OpenBao is not initialized');
  if (!runtime.sealed) return sealStatus(call);
  const hash = hashOf(key.toString('base64'));
  const isKnown = state.keyHashes.some((one) => timingSafeEqual(Buffer.from(one), Buffer.from(hash)));
  // Upstream finds a wrong share only once it has as many as it needs.
  runtime.unsealing.add(isKnown ? hash : `wrong ${hash}`);
  if (runtime.unsealing.size >= state.threshold) {
    const areRight = [...runtime.unsealing].every((one) => !one.startsWith('wrong '));
    runtime.unsealing.clear();
    if (!areRight)
      throw badRequest('unable to retrieve stored keys: failed to decrypt encrypted stored keys');
    runtime.sealed = false;
  }
  return sealStatus(call);
}

function seal({ kernel }: Call): undefined {
  kernel.runtime.sealed = true;
  kernel.runtime.checkers.clear();
  return undefined;
}

function capabilitiesSelf({ body, caller, namespace }: Call): Reply {
  const paths = texts(body, 'paths') ?? texts(body, 'path') ?? [];
  if (paths.length === 0) throw badRequest('paths must be supplied');
  const entries = paths.map((path) => [
    path,
    caller?.acl.capabilities(namespace.path + path.replace(/^\/+/, '')) ?? ['deny'],
  ]);
  return { data: Object.fromEntries(entries), isDoubled: true };
}
