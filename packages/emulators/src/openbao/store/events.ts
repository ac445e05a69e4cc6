import type { JwtConfigRow, JwtRoleRow, MountRow, SecretSettings, TokenRow, UserRow } from './records.ts';

/** What happens in an OpenBao. `target` says where; mounts are named by their path, `auth/` in front of methods. */
export interface EventPayloads {
  'sys.init': {
    /** SHA-256 of the unseal keys. */
    readonly keyHashes: readonly string[];
    readonly threshold: number;
    readonly clusterId: string;
  };
  'namespace.create': { readonly id: string };
  'namespace.delete': Record<string, never>;
  'mount.enable': { readonly mount: MountRow };
  'mount.tune': { readonly changes: Partial<MountRow> };
  'mount.disable': Record<string, never>;
  'policy.write': { readonly policy: string };
  'policy.delete': Record<string, never>;
  'jwt.config': { readonly config: JwtConfigRow };
  'jwt.role.write': { readonly name: string; readonly role: JwtRoleRow };
  'jwt.role.delete': { readonly name: string };
  'user.write': { readonly name: string; readonly user: UserRow };
  'user.delete': { readonly name: string };
  'token.create': { readonly token: TokenRow };
  'token.renew': { readonly expiresAt: number; readonly ttl: number };
  'token.use': Record<string, never>;
  'token.revoke': Record<string, never>;
  'kv.config': {
    readonly max_versions: number;
    readonly cas_required: boolean;
    readonly delete_version_after: number;
  };
  'kv.put': {
    readonly path: string;
    readonly data: Readonly<Record<string, unknown>>;
    /** How many versions are kept. */
    readonly keep: number;
    /** When it deletes itself; empty for never. */
    readonly deleted: string;
  };
  'kv.settings': { readonly path: string; readonly settings: SecretSettings };
  'kv.delete': { readonly path: string; readonly versions: readonly number[] };
  'kv.undelete': { readonly path: string; readonly versions: readonly number[] };
  'kv.destroy': { readonly path: string; readonly versions: readonly number[] };
  'kv.purge': { readonly path: string };
}

/** Name of a kind of event. */
export type OpenbaoEventType = keyof EventPayloads;

/** What a handler wants to have happened. */
export type OpenbaoDraft = {
  [T in OpenbaoEventType]: {
    readonly type: T;
    /** Path of the namespace, with a slash at its end; empty for the root. */
    readonly namespace: string;
    /** Mount, policy, namespace, or hash of the token. */
    readonly target: string;
    readonly payload: EventPayloads[T];
  };
}[OpenbaoEventType];

/** One thing that happened. */
export type OpenbaoEvent = OpenbaoDraft & {
  /** 1 for the first of the log. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
};
