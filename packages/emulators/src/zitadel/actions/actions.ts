import { type Clock, createHttpClient, type Fetch, type HttpClient, type Logger } from '@drawbridge/kit';
import type { Kernel } from '../kernel.ts';
import type { JsonObject } from '../wire/index.ts';
import { type InterceptedCall, interceptRequest, interceptResponse } from './calls.ts';
import type { DenyList } from './deny-list.ts';
import { EventWorker } from './event-worker.ts';
import { type FunctionCall, runFunction } from './functions.ts';
import type { Delivery, Runner } from './run.ts';

/** What actions need of the world outside. */
export interface ActionsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly denyList: DenyList;
  /** Default a client of its own. */
  readonly fetch?: Fetch;
}

/** Deliveries that are remembered. */
const remembered = 1_000;
/** Longest timeout that a target may have (proto/zitadel/action/v2/action_service.proto). */
const longestTimeoutMs = 270_000;

/** Actions V2 of one instance: what calls targets, and what became of it. */
export class Actions {
  readonly denyList: DenyList;
  /** The last calls of targets, oldest first. */
  readonly deliveries: Delivery[] = [];
  readonly #runner: Runner;
  readonly #worker: EventWorker;
  readonly #stopping = new AbortController();
  readonly #detached = new Set<Promise<unknown>>();
  readonly #client: HttpClient | undefined;

  constructor(kernel: Kernel, options: ActionsOptions) {
    this.denyList = options.denyList;
    if (!options.fetch) {
      this.#client = createHttpClient({
        timeoutMs: longestTimeoutMs,
        maxResponseBytes: 1024 * 1024,
        userAgent: 'Go-http-client/1.1',
      });
    }
    const fetch = options.fetch ?? this.#client?.fetch;
    if (!fetch) throw new RangeError('no way to call out');
    const { signal } = this.#stopping;
    this.#runner = {
      kernel,
      outbound: { fetch, denyList: options.denyList, logger: options.logger, stopping: signal },
      record: (delivery) => {
        this.deliveries.push(delivery);
        if (this.deliveries.length > remembered) this.deliveries.shift();
      },
      detach: (call) => {
        this.#detached.add(call);
        void call.finally(() => this.#detached.delete(call));
      },
    };
    this.#worker = new EventWorker(kernel, this.#runner, options.clock, signal);
  }

  /** See {@link interceptRequest}. */
  request(call: InterceptedCall, request: JsonObject): Promise<JsonObject> {
    return interceptRequest(this.#runner, call, request, this.#stopping.signal);
  }

  /** See {@link interceptResponse}. */
  response(call: InterceptedCall, request: JsonObject, response: unknown): Promise<unknown> {
    return interceptResponse(this.#runner, call, request, response, this.#stopping.signal);
  }

  /** See {@link runFunction}. */
  function(call: FunctionCall): Promise<JsonObject> {
    return runFunction(this.#runner, call, this.#stopping.signal);
  }

  /** Resolves when no target is being called and no event waits for it. */
  async settled(): Promise<void> {
    await this.#worker.settled();
    await Promise.all(this.#detached);
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    this.#worker.stop();
    this.#stopping.abort();
    await this.settled();
    await this.#client?.close();
  }
}
