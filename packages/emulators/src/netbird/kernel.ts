import type { Clock } from '@drawbridge/kit';
import { dexUserId, subjectOf } from '@drawbridge/netbird';
import type { RateLimiter, TokenVerifier } from './access/index.ts';
import type { NetbirdControls } from './controls.ts';
import type { IdpManager } from './identity.ts';
import { newXid } from './ids.ts';
import type { EventLog, NetbirdDraft, State } from './store/index.ts';

/** How people's ids look: the plain subject, or that of NetBird's embedded identity provider, which is Dex. */
export type Identity = 'external' | 'dex';

/** What the account needs of the world outside. */
export interface Outside {
  readonly clock: Clock;
  readonly controls: NetbirdControls;
  readonly limiter: RateLimiter;
  readonly identity: Identity;
  /** Connector that people come through where the identity is `dex`. */
  readonly connectorId: string;
  readonly verifier?: TokenVerifier;
  readonly idpManager?: IdpManager;
}

/** The heart of the emulator: log, tables, time. Handlers work on it and nothing else. */
export class Kernel {
  readonly log: EventLog;
  readonly outside: Outside;

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

  newId(): string {
    return newXid(this.now());
  }

  /** Lets something have happened. */
  push(initiator: string, ...drafts: readonly NetbirdDraft[]): void {
    this.log.append({ at: this.now(), initiator }, drafts);
  }

  /** NetBird's id of somebody whom the identity provider calls so. */
  userIdOf(subject: string): string {
    const { identity, connectorId } = this.outside;
    if (identity === 'external' || subjectOf(subject).connectorId !== undefined) return subject;
    return dexUserId(subject, connectorId);
  }

  /** The group that every device is in (management/server/types/account.go, GetGroupAll). */
  get allGroupId(): string {
    return [...this.state.groups.values()].find(({ name }) => name === 'All')?.id ?? '';
  }
}
