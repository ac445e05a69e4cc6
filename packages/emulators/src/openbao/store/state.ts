import type { OpenbaoEvent } from './events.ts';
import { applyKv, type KvState } from './kv-state.ts';
import type { JwtConfigRow, JwtRoleRow, MountRow, TokenRow, UserRow } from './records.ts';

/** One mount with what is in it. */
export interface MountState {
  readonly row: MountRow;
  jwtConfig: JwtConfigRow | undefined;
  readonly roles: Map<string, JwtRoleRow>;
  readonly users: Map<string, UserRow>;
  readonly kv: KvState;
}

/** One namespace: its own mounts and policies. */
export interface NamespaceState {
  readonly path: string;
  readonly id: string;
  /** By path; `auth/` in front of methods. */
  readonly mounts: Map<string, MountState>;
  readonly policies: Map<string, string>;
}

/** Everything that the events amount to. */
export class State {
  readonly namespaces = new Map<string, NamespaceState>([['', emptyNamespace('', 'root')]]);
  /** By hash. */
  readonly tokens = new Map<string, TokenRow>();
  keyHashes: readonly string[] = [];
  threshold = 0;
  clusterId = '';

  get isInitialized(): boolean {
    return this.threshold > 0;
  }

  apply(event: OpenbaoEvent): void {
    const { target, namespace } = event;
    const here = this.namespaces.get(namespace);
    switch (event.type) {
      case 'sys.init':
        this.keyHashes = event.payload.keyHashes;
        this.threshold = event.payload.threshold;
        this.clusterId = event.payload.clusterId;
        return;
      case 'namespace.create':
        this.namespaces.set(target, emptyNamespace(target, event.payload.id));
        return;
      case 'namespace.delete':
        this.namespaces.delete(target);
        for (const token of this.tokens.values())
          if (token.namespace === target) this.tokens.delete(token.hash);
        return;
      case 'policy.write':
        here?.policies.set(target, event.payload.policy);
        return;
      case 'policy.delete':
        here?.policies.delete(target);
        return;
      case 'token.create':
        this.tokens.set(target, event.payload.token);
        return;
      case 'token.renew':
        this.#changeToken(target, { ...event.payload, lastRenewal: event.at });
        return;
      case 'token.use':
        this.#useToken(target);
        return;
      case 'token.revoke':
        this.#revoke(target);
        return;
      case 'mount.enable': {
        const { mount } = event.payload;
        here?.mounts.set(target, emptyMount(mount));
        return;
      }
      case 'mount.disable':
        here?.mounts.delete(target);
        return;
      default: {
        const mount = here?.mounts.get(target);
        if (here && mount) applyToMount(here, mount, event);
      }
    }
  }

  #changeToken(hash: string, fields: Partial<TokenRow>): void {
    const row = this.tokens.get(hash);
    if (row) this.tokens.set(hash, { ...row, ...fields });
  }

  /** The last use ends a token. */
  #useToken(hash: string): void {
    const left = (this.tokens.get(hash)?.numUses ?? 0) - 1;
    if (left > 0) this.#changeToken(hash, { numUses: left });
    else this.#revoke(hash);
  }

  /** A token takes its children with it (vault/token_store.go). */
  #revoke(hash: string): void {
    this.tokens.delete(hash);
    for (const child of [...this.tokens.values()]) if (child.parent === hash) this.#revoke(child.hash);
  }
}

function applyToMount(here: NamespaceState, mount: MountState, event: OpenbaoEvent): void {
  switch (event.type) {
    case 'mount.tune':
      here.mounts.set(event.target, { ...mount, row: { ...mount.row, ...event.payload.changes } });
      return;
    case 'jwt.config':
      mount.jwtConfig = event.payload.config;
      return;
    case 'jwt.role.write':
      mount.roles.set(event.payload.name, event.payload.role);
      return;
    case 'jwt.role.delete':
      mount.roles.delete(event.payload.name);
      return;
    case 'user.write':
      mount.users.set(event.payload.name, event.payload.user);
      return;
    case 'user.delete':
      mount.users.delete(event.payload.name);
      return;
    default:
      applyKv(mount.kv, event);
  }
}

function emptyNamespace(path: string, id: string): NamespaceState {
  return { path, id, mounts: new Map(), policies: new Map() };
}

function emptyMount(row: MountRow): MountState {
  return {
    row,
    jwtConfig: undefined,
    roles: new Map(),
    users: new Map(),
    kv: { secrets: new Map(), config: { max_versions: 0, cas_required: false, delete_version_after: 0 } },
  };
}
