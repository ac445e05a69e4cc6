import type { KeyObject } from 'node:crypto';
import type { Clock } from '@drawbridge/kit';
import { Actions, type ActionsOptions } from './actions/index.ts';
import { BackChannel } from './back-channel/index.ts';
import type { Controls } from './controls.ts';
import { TokenBox } from './crypto.ts';
import { DeviceRequests } from './device-requests.ts';
import type { SentMail } from './mails.ts';
import { type State, Views } from './projections/index.ts';
import { type AnyDraft, type AnyEvent, type EventLog, IdGenerator } from './store/index.ts';

/** Private halves and keys that the log must not hold. */
export interface InstanceKeys {
  /** Seals opaque tokens; 32 bytes. */
  readonly tokenKey: Buffer;
  /** Key id → private key, of the instance's web keys. */
  readonly webKeys: Map<string, KeyObject>;
}

/** What an instance needs of the world outside. */
export interface Outside extends ActionsOptions {
  /** Keeps the present keys beyond the process. */
  readonly saveKeys: () => Promise<void>;
}

/** How long things live, in milliseconds (cmd/defaults.yaml). */
export const lifetimes = {
  authRequest: 3_600_000,
  authCode: 300_000,
  emailCode: 3_600_000,
  inviteCode: 72 * 3_600_000,
  passwordCode: 3_600_000,
} as const;

/** How long tokens live unless the instance's OIDC settings say otherwise, in milliseconds. */
const tokenLifetimes = {
  accessToken: 12 * 3_600_000,
  idToken: 12 * 3_600_000,
  refreshIdle: 30 * 86_400_000,
  refresh: 90 * 86_400_000,
};

/** The heart of the emulator: log, projections, ids, time, keys. Handlers and OIDC work on it and nothing else. */
export class Kernel {
  readonly log: EventLog;
  readonly views: Views;
  readonly controls: Controls;
  readonly keys: InstanceKeys;
  readonly tokens: TokenBox;
  readonly mails: SentMail[] = [];
  readonly devices = new DeviceRequests();
  readonly actions: Actions;
  readonly backChannel: BackChannel;
  readonly #clock: Clock;
  readonly #ids: IdGenerator;
  readonly #saveKeys: () => Promise<void>;

  constructor(log: EventLog, keys: InstanceKeys, controls: Controls, outside: Outside) {
    const { clock } = outside;
    this.log = log;
    this.#clock = clock;
    this.keys = keys;
    this.#saveKeys = outside.saveKeys;
    this.controls = controls;
    this.tokens = new TokenBox(keys.tokenKey);
    this.views = new Views(log, clock);
    this.#ids = new IdGenerator(() => this.now(), log.newest);
    this.actions = new Actions(this, outside);
    this.backChannel = new BackChannel(this, outside);
  }

  /** The instance's time: the clock, moved by the control `clockOffsetMs`. */
  now(): number {
    return this.#clock.now() + this.controls.clockOffsetMs;
  }

  /** How long tokens live, in milliseconds. */
  get lifetimes(): typeof tokenLifetimes {
    const set = this.fresh.oidcLifetimes;
    if (!set) return tokenLifetimes;
    return {
      accessToken: set.accessTokenLifetime / 1_000_000,
      idToken: set.idTokenLifetime / 1_000_000,
      refreshIdle: set.refreshTokenIdleExpiration / 1_000_000,
      refresh: set.refreshTokenExpiration / 1_000_000,
    };
  }

  /** Keeps the private half of a web key. */
  async keepWebKey(id: string, key: KeyObject): Promise<void> {
    this.keys.webKeys.set(id, key);
    await this.#saveKeys();
  }

  newId(): string {
    return this.#ids.next();
  }

  /** Everything that happened. */
  get fresh(): State {
    return this.views.fresh();
  }

  /** What lists see. */
  get lagging(): State {
    return this.views.lagging();
  }

  /** Appends what a command decided; the answer's details come from the newest of these events. */
  push(editor: string, drafts: readonly AnyDraft[]): readonly AnyEvent[] {
    return this.log.append(editor, drafts, this.now());
  }

  recordMail(mail: Omit<SentMail, 'at'>): void {
    this.mails.push({ ...mail, at: this.now() });
  }
}
