import {
  type Clock,
  DrawbridgeError,
  type Fetch,
  type Logger,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { type Delivery, DenyList, defaultDenyList } from './actions/index.ts';
import type { Bootstrap, FirstInstance } from './bootstrap.ts';
import { Controls } from './controls.ts';
import { createRouter } from './edges/router.ts';
import { type Listening, listen } from './edges/server.ts';
import { Kernel } from './kernel.ts';
import type { SentMail } from './mails.ts';
import { openInstance } from './storage.ts';
import type { AnyEvent, EventLog } from './store/index.ts';

export interface ZitadelEmulatorOptions {
  /** Address to bind. Default `127.0.0.1`, and then ::1 too where the machine has it. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Custom domain of the instance, the host part of its issuer. Default `localhost`. */
  readonly domain?: string;
  /** Folder that keeps the instance. Default: it lives in memory and ends with the process. */
  readonly dataDir?: string;
  /** Default the machine's clock. */
  readonly clock?: Clock;
  /** Default silent. */
  readonly logger?: Logger;
  /** What the first start makes. */
  readonly firstInstance?: FirstInstance;
  /**
   * Hosts, addresses and networks that targets of actions must not have. Default Zitadel 4.13's own, which refuses this
   * machine: give `[]` where receivers listen on loopback.
   */
  readonly outboundDenyList?: readonly string[];
  /** What targets of actions are called with. Default kit's client. */
  readonly fetch?: Fetch;
  /** Where rates of injected webhook failures get their chance from: 0 to 1, without 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** The events of an instance, to read. */
export interface ReadonlyEvents extends Iterable<AnyEvent> {
  readonly length: number;
  /** Called after each transaction; returns the way to stop. */
  subscribe(listener: (events: readonly AnyEvent[]) => void): () => void;
}

/** One emulated Zitadel instance. Everything but `start` and `stop` is there from `start` on. */
export interface ZitadelEmulator {
  /** Starts listening; resolves when requests are answered. A second call returns the first one's promise. */
  start(): Promise<void>;
  /** Stops listening and writes what is left. Idempotent. */
  stop(): Promise<void>;
  /** `http://{domain}:{port}`. */
  readonly issuer: string;
  readonly bootstrap: Bootstrap;
  readonly controls: Controls;
  readonly events: ReadonlyEvents;
  /** Mails that a real instance would have sent, oldest first. */
  readonly mails: readonly SentMail[];
  /** The last calls of targets of actions, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** Resolves when no target is being called and no event waits to be delivered. */
  settled(): Promise<void>;
}

/**
 * Makes an emulated Zitadel 4.13: OIDC, the v2 services over Connect and REST, with the quirks of the real one. Its event
 * log is its state.
 *
 * Errors of `start`: `address_in_use` (the port is taken), `locked` (another process has the folder).
 *
 * @example
 * ```ts
 * import { createZitadelEmulator } from '@drawbridge/emulators';
 *
 * const zitadel = createZitadelEmulator();
 * await zitadel.start();
 * const answer = await fetch(`${zitadel.issuer}/.well-known/openid-configuration`);
 * console.log(answer.status); // 200
 * await zitadel.stop();
 * ```
 */
export function createZitadelEmulator(options: ZitadelEmulatorOptions = {}): ZitadelEmulator {
  const controls = new Controls(options.random);
  let running: Promise<Running> | undefined;
  let present: Running | undefined;
  const started = (): Running => {
    if (!present) throw new DrawbridgeError('internal', { message: 'The emulator has not been started.' });
    return present;
  };
  return {
    start: async () => {
      running ??= run(options, controls);
      try {
        present = await running;
      } catch (error) {
        running = undefined;
        throw error;
      }
    },
    stop: async () => {
      const last = await running?.catch(() => undefined);
      running = undefined;
      await last?.stop();
    },
    get issuer() {
      return started().issuer;
    },
    get bootstrap() {
      return started().bootstrap;
    },
    controls,
    get events() {
      return started().events;
    },
    get mails() {
      return started().kernel.mails;
    },
    get deliveries() {
      return started().kernel.actions.deliveries;
    },
    settled: () => started().kernel.actions.settled(),
  };
}

interface Running {
  readonly issuer: string;
  readonly bootstrap: Bootstrap;
  readonly kernel: Kernel;
  readonly events: ReadonlyEvents;
  stop(): Promise<void>;
}

async function run(options: ZitadelEmulatorOptions, controls: Controls): Promise<Running> {
  const { clock = systemClock, logger = silentLogger, domain = 'localhost' } = options;
  const opened = await openInstance({
    dataDir: options.dataDir,
    domain,
    clock,
    now: () => clock.now() + controls.clockOffsetMs,
    firstInstance: options.firstInstance ?? {},
  });
  const { log, vault } = opened;
  const kernel = new Kernel(log, vault, controls, {
    clock,
    logger,
    saveKeys: opened.saveKeys,
    denyList: new DenyList(options.outboundDenyList ?? defaultDenyList),
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
  kernel.views.lagMs = controls.lagMs;
  controls.bindLag((ms) => {
    kernel.views.lagMs = ms;
  });
  const router = createRouter({ kernel, controls, clock, logger, domain });
  let listening: Listening;
  try {
    listening = await listen(router, options.host ?? '127.0.0.1', options.port ?? 0);
  } catch (error) {
    await opened.close();
    throw error;
  }
  const issuer = `http://${domain}:${listening.port}`;
  logger.info({ component: 'zitadel-emulator', url: issuer }, 'emulated Zitadel is ready');
  return {
    issuer,
    bootstrap: vault.bootstrap,
    kernel,
    events: readonlyEvents(log),
    stop: async () => {
      await listening.stop();
      await kernel.actions.stop();
      await opened.close();
    },
  };
}

function readonlyEvents(log: EventLog): ReadonlyEvents {
  return {
    get length() {
      return log.length;
    },
    subscribe: (listener) => log.subscribe(listener),
    [Symbol.iterator]: () => log.from(),
  };
}
