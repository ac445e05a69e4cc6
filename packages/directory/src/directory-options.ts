import type { Clock, Logger, Metrics, Secret, TlsFiles } from '@drawbridge/kit';
import type { Authenticator, LimiterOptions } from './api/index.ts';
import type { DatabaseLocation } from './database/index.ts';
import type { EngineOptions } from './saga/index.ts';
import type { EventsOptions } from './zitadel-events/index.ts';

export interface DirectoryOptions {
  readonly database: DatabaseLocation;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls?: TlsFiles;
  /** Whether it answers the API and the console; probes and metrics it always answers. Default true. */
  readonly serve?: boolean;
  /** Whether it carries out runs, sweeps and imports. Default true. Several may share one PostgreSQL. */
  readonly work?: boolean;
  /** Who may call. Default: the Zitadel of the integration that is set up. */
  readonly authenticator?: Authenticator;
  readonly allowInsecure?: boolean;
  /** Most calls a second to each Zitadel. Default 20 on `*.zitadel.cloud`, else no limit. */
  readonly callsPerSecond?: number;
  /** Where browsers reach it: `https://directory.acme.example`. Default: the address it listens on. */
  readonly publicUrl?: string;
  /** Folder of the built console. Default: none, so that only the API is served. */
  readonly consoleFolder?: string;
  /** Page on which an emulated Zitadel is made to fail; the console links to it. Default: none, as Zitadel is real. */
  readonly faultSwitch?: string;
  /** Limits that differ from the usual ones. */
  readonly limits?: LimiterOptions['limits'];
  /** Proxies in front of it that add to `X-Forwarded-For`. Default 0. */
  readonly trustedProxies?: number;
  /** Ends of browsers' sessions, in milliseconds: unused (default 8 h) and since the sign-in (default 12 h). */
  readonly session?: { readonly idleMs?: number; readonly maxMs?: number };
  /**
   * Base64 of 32 bytes each, the present key first; they seal what the database keeps secret. Default: those of
   * `DRAWBRIDGE_SECRET_KEY` and `DRAWBRIDGE_SECRET_KEY_PREVIOUS`.
   */
  readonly secretKeys?: readonly Secret[];
  /**
   * Listens to Zitadel's events, which make status and ended tokens known within seconds. Default: no, and sweeps do the
   * work alone.
   */
  readonly events?: EventsOptions;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
  readonly env?: NodeJS.ProcessEnv;
  /** Settings of the saga engine; tests pause it at named points and shorten its waits. */
  readonly engine?: Pick<
    EngineOptions,
    'attempts' | 'patienceMs' | 'retryBaseMs' | 'retryMaxMs' | 'stepTimeoutMs' | 'pause' | 'random'
  >;
}
