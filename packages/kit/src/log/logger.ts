import { createRequire } from 'node:module';
import type { DestinationStream } from 'pino';
import { DrawbridgeError, type Problem } from '../errors/index.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The field names every log line may use; one name for one thing in all packages. */
export interface LogFields {
  readonly component?: string;
  readonly instance?: string;
  readonly organization?: string;
  readonly user?: string;
  readonly run?: string;
  readonly step?: string;
  readonly job?: string;
  readonly request_id?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly code?: string;
  readonly attempt?: number;
  readonly ms?: number;
  readonly count?: number;
  readonly url?: string;
  readonly part?: string;
  readonly check?: string;
  readonly signal?: string;
  readonly err?: unknown;
}

/** Structured logging: fields first, then a sentence without data in it. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A logger that adds these fields to each line. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Where lines go. Default stderr: stdout belongs to the command's answer. */
  readonly destination?: DestinationStream;
}

/**
 * Makes a logger that writes JSON lines. Secrets are redacted by their type (`Secret`), not by field names; errors are
 * reduced to code, message and stack, so that what a foreign error carries along (request bodies, headers) stays out.
 *
 * @example
 * ```ts
 * import { createLogger } from '@drawbridge/kit';
 *
 * createLogger({ level: 'info' }).info({ component: 'sweep', count: 412 }, 'users compared');
 * ```
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  // Loaded here, not at import: most commands of a terminal write no log.
  const { pino } = createRequire(import.meta.url)('pino') as typeof import('pino');
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
  return logger;
}

/** A logger that writes nothing: the default of every part that takes one. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};

interface LoggedError {
  readonly code?: string;
  readonly name: string;
  readonly message: string;
  readonly where?: string;
  readonly saw?: string;
  readonly problems?: readonly Problem[];
  readonly stack?: string;
  readonly cause?: LoggedError;
}

function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error))
    return { name: typeof error, message: 'something that is not an error was thrown' };
  const own = error instanceof DrawbridgeError ? error : undefined;
  return {
    ...(own ? { code: own.code } : {}),
    name: error.name,
    message: error.message,
    ...(own?.where ? { where: own.where } : {}),
    ...(own?.saw ? { saw: own.saw } : {}),
    ...(own && own.problems.length > 0 ? { problems: own.problems } : {}),
    ...(error.stack && (!own || own.code === 'internal') ? { stack: error.stack } : {}),
    ...(error.cause !== undefined && depth < 4 ? { cause: serializeError(error.cause, depth + 1) } : {}),
  };
}
