import {
  type Clock,
  DrawbridgeError,
  type Fetch,
  type Logger,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { createLife } from '../shared/index.ts';
import { DenyList, defaultDenyList } from './actions/index.ts';
import type { FirstInstance } from './bootstrap.ts';
import { Controls } from './controls.ts';
import { createRouter } from './edges/router.ts';
import { type Listening, listen } from './edges/server.ts';
import { type HostedInstance, type InstanceOptions, type RunningInstance, viewOf } from './instances.ts';
import { Kernel } from './kernel.ts';
import { openInstance } from './storage.ts';

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
  /** More instances on the same port; the host of a request chooses. Default none. */
  readonly instances?: readonly InstanceOptions[];
  /**
   * Hosts, addresses and networks that targets of actions must not have. Default Zitadel 4.13's own, which refuses this
   * machine, and with any list a name that does not resolve is refused too: give `[]` where receivers listen on loopback.
   */
  readonly outboundDenyList?: readonly string[];
  /** What targets of actions and back-channel logouts are called with. Default kit's client. */
  readonly fetch?: Fetch;
  /** Where rates of injected webhook failures get their chance from: 0 to 1, without 1. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * An emulated Zitadel; what it shows of an instance is that of the first one. Everything but `start` and `stop` is there
 * from `start` on.
 */
export interface ZitadelEmulator extends RunningInstance {
  /** Starts listening; resolves when requests are answered. A second call returns the first one's promise. */
  start(): Promise<void>;
  /** Stops listening and writes what is left. Idempotent. */
  stop(): Promise<void>;
  /** Shared by all instances. */
  readonly controls: Controls;
  /** Every instance, the first one included, in the order of the options. */
  readonly instances: readonly RunningInstance[];
  /** Resolves when no target and no application is being called, and nothing waits for its first delivery. */
  settled(): Promise<void>;
}

/**
 * Makes an emulated Zitadel 4.13: OIDC, the v2 services over Connect and REST, with the quirks of the real one. Its event
 * log is its state.
 *
 * Errors of `start`: `address_in_use` (the port is taken), `locked` (another process has the folder),
 * `invalid_settings` (two instances with one domain).
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
  const life = createLife(() => run(options, controls));
  return {
    start: life.start,
    stop: life.stop,
    get issuer() {
      return life.running.first.issuer;
    },
    get bootstrap() {
      return life.running.first.bootstrap;
    },
    controls,
    get events() {
      return life.running.first.events;
    },
    get mails() {
      return life.running.first.mails;
    },
    get deliveries() {
      return life.running.first.deliveries;
    },
    get instances() {
      return life.running.instances;
    },
    settled: () => life.running.settled(),
  };
}

interface Running {
  readonly first: RunningInstance;
  readonly instances: readonly RunningInstance[];
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** An instance that is open, and how to close it. */
interface Open extends HostedInstance {
  readonly close: () => Promise<void>;
}

async function run(options: ZitadelEmulatorOptions, controls: Controls): Promise<Running> {
  const { clock = systemClock, logger = silentLogger, domain = 'localhost' } = options;
  const { dataDir, firstInstance } = options;
  const first = await open(
    { domain, ...(dataDir === undefined ? {} : { dataDir }), ...(firstInstance ? { firstInstance } : {}) },
    options,
    controls,
  );
  const hosted: [Open, ...Open[]] = [first];
  const closeAll = async () => {
    for (const { close } of hosted.toReversed()) await close();
  };
  let listening: Listening;
  try {
    for (const more of options.instances ?? []) {
      if (hosted.some((other) => other.domain === more.domain)) {
        throw new DrawbridgeError('invalid_settings', {
          message: `Two instances have the domain ${more.domain}.`,
        });
      }
      hosted.push(await open(more, options, controls));
    }
    const router = createRouter({ instances: hosted, controls, clock, logger, domain });
    listening = await listen(router, options.host ?? '127.0.0.1', options.port ?? 0);
  } catch (error) {
    await closeAll();
    throw error;
  }
  const instances = hosted.map((one) => viewOf(one, listening.port));
  for (const { kernel } of hosted) kernel.backChannel.listensAt(listening.port);
  logger.info(
    { component: 'zitadel-emulator', url: `http://${domain}:${listening.port}` },
    'emulated Zitadel is ready',
  );
  return {
    first: viewOf(first, listening.port),
    instances,
    settled: async () => {
      await Promise.all(
        hosted.flatMap(({ kernel }) => [kernel.actions.settled(), kernel.backChannel.settled()]),
      );
    },
    stop: async () => {
      await listening.stop();
      await closeAll();
    },
  };
}

async function open(
  { domain, dataDir, firstInstance = {} }: InstanceOptions,
  options: ZitadelEmulatorOptions,
  controls: Controls,
): Promise<Open> {
  const { clock = systemClock, logger = silentLogger } = options;
  const opened = await openInstance({
    dataDir,
    domain,
    clock,
    now: () => clock.now() + controls.clockOffsetMs,
    firstInstance,
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
  const unbind = controls.bindLag((ms) => {
    kernel.views.lagMs = ms;
  });
  return {
    domain,
    kernel,
    bootstrap: vault.bootstrap,
    close: async () => {
      unbind();
      await kernel.backChannel.stop();
      await kernel.actions.stop();
      await opened.close();
    },
  };
}
