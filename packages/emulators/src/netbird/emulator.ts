import {
  type Clock,
  createHttpClient,
  type Fetch,
  type Logger,
  Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { createLife, listen } from '../shared/index.ts';
import { RateLimiter, type TokenIssuer, TokenVerifier } from './access/index.ts';
import { makeAccount, type Owner } from './bootstrap.ts';
import { NetbirdControls } from './controls.ts';
import { connectDevice, type Person, signInAs } from './devices.ts';
import { createRouter } from './edges/index.ts';
import type { IdpManager } from './identity.ts';
import { type Identity, Kernel } from './kernel.ts';
import { openAccount } from './storage.ts';
import type { NetbirdEvent, Settings } from './store/index.ts';

export interface NetbirdEmulatorOptions {
  /** Address to bind. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Folder that keeps the account. Default: it lives in memory and ends with the process. */
  readonly dataDir?: string;
  /** Default the machine's clock. */
  readonly clock?: Clock;
  /** Default silent. */
  readonly logger?: Logger;
  /** Whose access tokens people sign in with. They have to be JWTs. Default: nobody's; `controls` lets people appear. */
  readonly tokens?: TokenIssuer;
  /** What the issuer's keys are fetched with. Default kit's client. */
  readonly fetch?: Fetch;
  /** The identity provider as NetBird's manager reaches it. Default none, so that people cannot be created by the API. */
  readonly idpManager?: IdpManager;
  /** How people's ids look. Default `external`: the plain `sub`. `dex`: as behind NetBird's embedded identity provider. */
  readonly identity?: Identity;
  /** Connector that people come through with `dex`. Default `zitadel`. */
  readonly connectorId?: string;
  /** Who owns the account; made by the first start. */
  readonly owner?: Owner;
  /** Settings of the account that the first start makes, where they differ from NetBird's own defaults. */
  readonly settings?: Partial<Settings>;
}

/** An emulated NetBird. Everything but `start`, `stop` and `controls` is there from `start` on. */
export interface NetbirdEmulator {
  /** Starts listening; resolves when requests are answered. A second call returns the first one's promise. */
  start(): Promise<void>;
  /** Stops listening and writes what is left. Idempotent. */
  stop(): Promise<void>;
  /** Such as `http://127.0.0.1:41234`, without `/api`. */
  readonly url: string;
  /** What the first start made. */
  readonly bootstrap: { readonly token: Secret };
  readonly controls: NetbirdControls;
  /** Everything that happened, oldest first. */
  readonly events: readonly NetbirdEvent[];
  /** Somebody signs in for the first time, or again. Resolves to NetBird's id of the user. */
  firstSignIn(person: Person): Promise<string>;
  /** Somebody signs in on a device with NetBird's client. Resolves to the device's id. Rejects for who is blocked. */
  connectPeer(person: Person, name: string): Promise<string>;
}

/**
 * Makes an emulated NetBird 0.77: the REST API for users, groups, devices and tokens, with the quirks of the real one. Its event
 * log is its state. There is no network in it: devices exist by name.
 *
 * Errors of `start`: `address_in_use` (the port is taken), `locked` (another process has the folder).
 *
 * @example
 * ```ts
 * import { createNetbirdEmulator } from '@drawbridge/emulators';
 * import { createNetbird } from '@drawbridge/netbird';
 *
 * const emulator = createNetbirdEmulator();
 * await emulator.start();
 * await emulator.firstSignIn({ sub: '312', email: 'ada@acme.example' });
 * const netbird = createNetbird({ url: emulator.url, token: emulator.bootstrap.token });
 * const ada = await netbird.users.findBySubject('312');
 * if (ada?.pendingApproval) await netbird.users.approve(ada.id);
 * await netbird.close();
 * await emulator.stop();
 * ```
 */
export function createNetbirdEmulator(options: NetbirdEmulatorOptions = {}): NetbirdEmulator {
  const controls = new NetbirdControls();
  const life = createLife(() => run(options, controls));
  const act = async <T>(work: (kernel: Kernel) => T): Promise<T> => {
    const { kernel } = life.running;
    const done = work(kernel);
    await kernel.log.flushed();
    return done;
  };
  return {
    start: life.start,
    stop: life.stop,
    get url() {
      return life.running.url;
    },
    get bootstrap() {
      return { token: life.running.token };
    },
    controls,
    get events() {
      return life.running.kernel.log.events;
    },
    firstSignIn: (person) => act((kernel) => signInAs(kernel, person)),
    connectPeer: (person, name) => act((kernel) => connectDevice(kernel, person, name).id),
  };
}

interface Running {
  readonly kernel: Kernel;
  readonly url: string;
  readonly token: Secret;
  stop(): Promise<void>;
}

async function run(options: NetbirdEmulatorOptions, controls: NetbirdControls): Promise<Running> {
  const { clock = systemClock, logger = silentLogger, host = '127.0.0.1', port = 0 } = options;
  const { identity = 'external', connectorId = 'zitadel', idpManager, tokens } = options;
  const {
    log,
    kept: token,
    close,
  } = await openAccount(options.dataDir, (fresh) =>
    makeAccount(fresh, {
      owner: options.owner ?? {},
      settings: options.settings ?? {},
      identity,
      connectorId,
      now: clock.now(),
    }),
  );
  const http = tokens && !options.fetch ? createHttpClient() : undefined;
  const fetch = options.fetch ?? http?.fetch;
  const kernel = new Kernel(log, {
    clock,
    controls,
    identity,
    connectorId,
    limiter: new RateLimiter(),
    ...(idpManager ? { idpManager } : {}),
    ...(tokens && fetch ? { verifier: new TokenVerifier(tokens, fetch, () => clock.now()) } : {}),
  });
  try {
    const listening = await listen(createRouter(kernel, logger), host, port);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`;
    logger.info({ component: 'netbird-emulator', url }, 'emulated NetBird is ready');
    return {
      kernel,
      url,
      token: new Secret(token),
      stop: async () => {
        await listening.stop();
        await http?.close();
        await close();
      },
    };
  } catch (error) {
    await http?.close();
    await close();
    throw error;
  }
}
