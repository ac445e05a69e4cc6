import { DrawbridgeError } from '@drawbridge/kit';

// SQLSTATE classes and system errors that mean "no database", not "wrong query".
const unavailable = /^(08|53|57P0|58)|^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT)$/;
const unavailableText =
  /Connection terminated|timeout exceeded when trying to connect|PGlite is closed|is already closed/i;

/** The one place where a failure of the database becomes an error of ours; what is already ours passes. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof DrawbridgeError || !(error instanceof Error)) return error;
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const code = (inner as { code?: unknown }).code;
  if ((typeof code === 'string' && unavailable.test(code)) || unavailableText.test(error.message)) {
    return new DrawbridgeError('database_unavailable', {
      saw: typeof code === 'string' ? code : error.message,
      cause: error,
    });
  }
  return error;
}

/** Name of the unique constraint or index that refused a row, if that is what the error says. */
export function violatedUnique(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === '23505' && typeof constraint === 'string' ? constraint : undefined;
}
