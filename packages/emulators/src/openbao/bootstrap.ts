import { randomBytes } from 'node:crypto';
import { hashOf, newUuid, randomText } from './kernel.ts';
import type { EventLog, TokenRow } from './store/index.ts';

/** What initializing gives and nothing ever gives again. */
export interface Keys {
  /** Unseal keys in base64. */
  readonly keys: readonly string[];
  readonly rootToken: string;
}

/** Initializes an empty log: unseal keys, and the root token (vault/init.go). */
export function makeKeys(
  log: EventLog,
  options: { readonly shares: number; readonly threshold: number; readonly now: number },
): Keys {
  const keys = Array.from({ length: options.shares }, () => randomBytes(32).toString('base64'));
  const rootToken = `s.${randomText(24)}`;
  const token: TokenRow = {
    hash: hashOf(rootToken),
    accessor: randomText(24),
    namespace: '',
    parent: '',
    type: 'service',
    policies: ['root'],
    path: 'auth/token/root',
    displayName: 'root',
    meta: {},
    numUses: 0,
    createdAt: options.now,
    ttl: 0,
    expiresAt: 0,
    explicitMaxTtl: 0,
    maxTtl: 0,
    period: 0,
    renewable: false,
    lastRenewal: 0,
    entityId: '',
    origin: '',
  };
  log.append({ at: options.now }, [
    {
      type: 'sys.init',
      namespace: '',
      target: 'sys',
      payload: { keyHashes: keys.map(hashOf), threshold: options.threshold, clusterId: newUuid() },
    },
    { type: 'token.create', namespace: '', target: token.hash, payload: { token } },
  ]);
  return { keys, rootToken };
}

/** Mounts what a server in development mode has: KV version 2 at `secret` (vault/core.go). */
export function mountSecret(log: EventLog, now: number): void {
  const mount = {
    kind: 'mounts',
    path: 'secret',
    type: 'kv',
    description: 'key/value secret storage',
    accessor: `kv_${newUuid().slice(0, 8)}`,
    uuid: newUuid(),
    options: { version: '2' },
    defaultTtl: 0,
    maxTtl: 0,
    listingVisibility: '',
  } as const;
  log.append({ at: now }, [{ type: 'mount.enable', namespace: '', target: 'secret', payload: { mount } }]);
}
