import {
  type Clock,
  createHttpClient,
  DrawbridgeError,
  type Fetch,
  type Logger,
  Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { createLife, listen } from '../shared/index.ts';
import { makeKeys, mountSecret } from './bootstrap.ts';
import { OpenbaoControls } from './controls.ts';
import { createRouter } from './edges/index.ts';
import { Kernel } from './kernel.ts';
import { openServer } from './storage.ts';
import type { OpenbaoEvent } from './store/index.ts';

export interface OpenbaoEmulatorOptions {
  /** Address to bind. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Folder that keeps everything, secrets in plain text. Default: it lives in memory and ends with the process. */
  readonly dataDir?: string;
  /** Default the machine's clock. */
  readonly clock?: Clock;
  /** Default silent. */
  readonly logger?: Logger;
  /** What issuers' keys are fetched with. Default kit's client. */
  readonly fetch?: Fetch;
  /** False leaves initializing and unsealing to whoever comes first. Default true: ready, with KV version 2 at `secret`. */
  readonly initialized?: boolean;
}

/** What the first start of an initialized emulator made. */
export interface OpenbaoBootstrap {
  readonly rootToken: Secret;
  /** In base64. */
  readonly unsealKeys: readonly Secret[];
}

/** An emulated OpenBao. Everything but `start`, `stop` and `controls` is there from `start` on. */
export interface OpenbaoEmulator {
  /** Starts listening; resolves when requests are answered. A second call returns the first one's promise. */
  start(): Promise<void>;
  /** Stops listening and writes what is left. Idempotent. */
  stop(): Promise<void>;
  /** Such as `http://127.0.0.1:41234`, without `/v1`. */
  readonly url: string;
  /** Not there where `initialized` is false. */
  readonly bootstrap: OpenbaoBootstrap;
  readonly controls: OpenbaoControls;
  /** Everything that happened, oldest first. */
  readonly events: readonly OpenbaoEvent[];
  /** Seals it, as an operator or a restart does. */
  seal(): void;
  /** Unseals it without keys. */
  unseal(): void;
}

/**
 * Makes an emulated OpenBao 2.6: sealing, JWT and userpass methods, tokens, policies that are enforced, KV version 2 and namespaces,
 * with the statuses and bodies of the real one. Its event log is its state. Nothing in it is encrypted.
 *
 * Errors of `start`: `address_in_use` (the port is taken), `locked` (another process has the folder).
 *
 * @example
 * ```ts
 * import { createOpenbaoEmulator } from '@drawbridge/emulators';
 * import { createOpenbao } from '@drawbridge/openbao';
 *
 * const emulator = createOpenbaoEmulator();
 * await emulator.start();
 * const openbao = createOpenbao({ url: emulator.url, token: emulator.bootstrap.rootToken });
 * await openbao.kv().put('harmony/demo', { greeting: 'hello' });
 * emulator.seal();
 * console.log((await openbao.system.health()).state); // sealed
 * await openbao.close();
 * await emulator.stop();
 * ```
 */
export function createOpenbaoEmulator(options: OpenbaoEmulatorOptions = {}): OpenbaoEmulator {
  const controls = new OpenbaoControls();
  const life = createLife(() => run(options, controls));
  return {
    start: life.start,
    stop: life.stop,
    get url() {
      return life.running.url;
    },
    get bootstrap() {
      const { bootstrap } = life.running;
      if (!bootstrap)
        throw new DrawbridgeError('internal', { message: 'This emulator is initialized by its callers.' });
      return bootstrap;
    },
    controls,
    get events() {
      return life.running.kernel.log.events;
    },
    seal: () => {
      life.running.kernel.runtime.sealed = true;
    },
    unseal: () => {
      life.running.kernel.runtime.sealed = false;
    },
  };
}

interface Running {
  readonly kernel: Kernel;
  readonly url: string;
  readonly bootstrap: OpenbaoBootstrap | undefined;
  stop(): Promise<void>;
}

async function run(options: OpenbaoEmulatorOptions, controls: OpenbaoControls): Promise<Running> {
  const { clock = systemClock, logger = silentLogger, host = '127.0.0.1', port = 0 } = options;
  const { initialized = true } = options;
  const {
    log,
    kept: keys,
    close,
  } = await openServer(
    options.dataDir,
    initialized
      ? (fresh) => {
          const made = makeKeys(fresh, { shares: 1, threshold: 1, now: clock.now() });
          mountSecret(fresh, clock.now());
          return made;
        }
      : undefined,
  );
  const http = options.fetch ? undefined : createHttpClient({ timeoutMs: 5_000 });
  const fetch = options.fetch ?? http?.fetch;
  if (!fetch) throw new DrawbridgeError('internal');
  const kernel = new Kernel(log, { clock, controls, fetch });
  // An initialized one unseals itself, as with a static seal; a restart would otherwise need the keys.
  kernel.runtime.sealed = !initialized;
  try {
    const listening = await listen(createRouter(kernel, logger), host, port);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`;
    logger.info({ component: 'openbao-emulator', url }, 'emulated OpenBao is ready');
    return {
      kernel,
      url,
      bootstrap: keys && {
        rootToken: new Secret(keys.rootToken),
        unsealKeys: keys.keys.map((key) => new Secret(key)),
      },
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
