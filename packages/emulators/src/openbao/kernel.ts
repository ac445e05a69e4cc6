import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Clock, Fetch } from '@drawbridge/kit';
import { Acl, type JwtChecker, parsePolicy } from './access/index.ts';
import type { OpenbaoControls } from './controls.ts';
import { defaultPolicy } from './default-policy.ts';
import type { EventLog, NamespaceState, OpenbaoDraft, State, TokenRow } from './store/index.ts';

/** What the emulator needs of the world outside. */
export interface Outside {
  readonly clock: Clock;
  readonly controls: OpenbaoControls;
  readonly fetch: Fetch;
}

/** What lives with the process alone. */
export interface Runtime {
  sealed: boolean;
  /** Unseal keys given so far, by hash. */
  readonly unsealing: Set<string>;
  /** By namespace and mount. */
  readonly checkers: Map<string, JwtChecker>;
  /** Failed sign-ins by namespace, mount and user. */
  readonly failures: Map<string, { readonly count: number; readonly at: number }>;
}

/** The heart of the emulator: log, tables, time. Handlers work on it and nothing else. */
export class Kernel {
  readonly log: EventLog;
  readonly outside: Outside;
  readonly runtime: Runtime = {
    sealed: true,
    unsealing: new Set(),
    checkers: new Map(),
    failures: new Map(),
  };

  constructor(log: EventLog, outside: Outside) {
    this.log = log;
    this.outside = outside;
  }

  get state(): State {
    return this.log.state;
  }

  now(): number {
    return this.outside.clock.now();
  }

  /** Lets something have happened. */
  push(...drafts: readonly OpenbaoDraft[]): void {
    this.log.append({ at: this.now() }, drafts);
  }

  /** A token that lives: not over, not revoked, and its parents neither (vault/token_store.go). */
  tokenOf(token: string): TokenRow | undefined {
    const row = this.state.tokens.get(hashOf(token));
    return row && this.#lives(row) ? row : undefined;
  }

  #lives(row: TokenRow): boolean {
    if (row.expiresAt > 0 && row.expiresAt <= this.now()) return false;
    if (row.parent === '') return true;
    const parent = this.state.tokens.get(row.parent);
    return parent !== undefined && this.#lives(parent);
  }

  /** What a token may do. Rules hold in the namespace that the token was made in. */
  aclOf(token: TokenRow): Acl {
    const home = this.state.namespaces.get(token.namespace);
    if (token.policies.includes('root')) return new Acl([], true);
    return new Acl(
      token.policies.flatMap((name) => {
        const text =
          name === 'default' ? (home?.policies.get(name) ?? defaultPolicy) : home?.policies.get(name);
        return text === undefined
          ? []
          : parsePolicy(text).map((rule) => ({ ...rule, path: token.namespace + rule.path }));
      }),
    );
  }
}

/** SHA-256: what the log keeps in place of tokens and keys. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits by chance, as upstream's tokens and accessors are made of. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) if (byte < 248) text += letters[byte % 62] ?? '';
  }
  return text.slice(0, length);
}

/** A mount's state by the path in a namespace, and the rest of the path. */
export function findMount(namespace: NamespaceState, path: string) {
  const found = [...namespace.mounts.values()]
    .map((mount) => ({ mount, at: mount.row.kind === 'auth' ? `auth/${mount.row.path}` : mount.row.path }))
    .filter(({ at }) => path.startsWith(`${at}/`) || path === at)
    .toSorted((a, b) => b.at.length - a.at.length)[0];
  return found && { mount: found.mount, key: found.at, rest: path.slice(found.at.length + 1) };
}

/** A UUID as upstream writes them. */
export const newUuid = randomUUID;
