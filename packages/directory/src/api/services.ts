import type { Logger } from '@drawbridge/kit';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Database } from '../database/index.ts';
import type { Integration, IntegrationRegistry } from '../integrations/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { ChangeFeed } from '../live/index.ts';
import type { Sagas } from '../provisioning/index.ts';
import type { SagaEngine } from '../saga/index.ts';
import type { Sealer } from '../sealing/index.ts';
import type { Settings } from '../settings/index.ts';
import type { Sweeper } from '../status/index.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import type { RequestLimiter } from './limits.ts';

/** What the routes are made of. */
export interface ApiServices {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly engine: SagaEngine;
  readonly sagas: Sagas;
  readonly integrations: IntegrationRegistry;
  /** Whether plain http to other machines is allowed. */
  readonly allowInsecure?: boolean;
  /** Page on which an emulated Zitadel is made to fail. Default: Zitadel is real, and there is none. */
  readonly faultSwitch?: string;
  readonly sealer: Sealer;
  readonly settings: Settings;
  readonly sweeper: Sweeper;
  /** Told once an integration was added, changed or removed. Default: nobody is. */
  readonly onIntegrated?: () => void;
  /**
   * Takes out of a Zitadel what was registered there for its events and then has its integration removed.
   *
   * @returns how many event types were registered
   */
  readonly letGo: (
    integration: Integration,
    signal: AbortSignal,
    remove: () => Promise<void>,
  ) => Promise<number>;
  /** Aborts when the server begins to stop. */
  readonly closing: AbortSignal;
  /** What live streams follow. */
  readonly feed: ChangeFeed;
  /** Default: nobody is told. */
  readonly logger?: Logger;
  /** Default: nobody is limited. */
  readonly limiter?: RequestLimiter;
  /** Cookie sessions; without them only bearer tokens are taken. */
  readonly sessions?: BrowserSessions;
}

/** The app, with its routes typed by their zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;
