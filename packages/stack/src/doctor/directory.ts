import { DrawbridgeError, readJson } from '@drawbridge/kit';
import type { Finding } from '@drawbridge/zitadel';
import type { DoctorCheck } from './patient.ts';

/** The directory is ready to work. */
export const directoryCheck: DoctorCheck = {
  name: 'directory',
  needs: [],
  async run({ directory, fetch, signal }) {
    if (directory === undefined) return { state: 'skip', text: 'no directory is set (DRAWBRIDGE_DIRECTORY)' };
    let response: Response;
    try {
      response = await fetch(`${directory}/readyz`, { signal });
    } catch (error) {
      return {
        state: 'fail',
        text: DrawbridgeError.from(error).message,
        means: 'nothing is provisioned, and no status is kept in step',
        fix: 'start drawbridge serve, or set DRAWBRIDGE_DIRECTORY to its URL',
      };
    }
    if (response.status !== 503) {
      await response.body?.cancel();
      if (response.ok) return { state: 'ok', text: `${directory} is ready` };
      return {
        state: 'fail',
        text: `${directory}/readyz answers ${response.status}`,
        means: 'something else than drawbridge serve listens there, or stands in front of it',
        fix: 'set DRAWBRIDGE_DIRECTORY to the URL of drawbridge serve itself',
      };
    }
    const { checks = {} } = (await readJson(response)) as { checks?: Record<string, string> };
    const failed = Object.entries(checks).flatMap(([name, result]) => (result === 'ok' ? [] : [name]));
    return {
      state: 'fail',
      text: `${directory} is not ready: ${failed.join(', ') || 'it is stopping'}`,
      means: 'nothing is provisioned, and no status is kept in step',
      fix: 'look at its log for "readiness check failed"',
    };
  },
};

/** The database answers, and its tables are those of this version. */
export const databaseCheck: DoctorCheck = {
  name: 'database',
  needs: [],
  // What it should be like is made in this process, which keeps it busy for seconds.
  alone: true,
  limitMs: 60_000,
  async run({ databaseUrl, signal }) {
    if (databaseUrl === undefined) return { state: 'skip', text: 'no database is set (DATABASE_URL)' };
    const { compareSchema, openDatabase } = await import('@drawbridge/directory');
    const database = await openDatabase({ url: databaseUrl });
    try {
      return judge(await compareSchema(database));
    } catch (error) {
      if (signal.aborted) throw error;
      return {
        state: 'fail',
        means: 'drawbridge serve does not start, or is not ready',
        ...refusalOf(error),
      };
    } finally {
      await database.close();
    }
  },
};

/** PostgreSQL's own codes for what is wrong with a URL. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
function refusalOf(error: unknown): { readonly text: string; readonly fix: string } {
  const reason = reasonOf(error);
  if (reason === '28P01' || reason === '28000') {
    const fix = 'correct the user and password in DATABASE_URL, or let them in by pg_hba.conf';
    return { text: `the database refuses the account (${reason})`, fix };
  }
  if (reason === '3D000') {
    const fix = 'create it in PostgreSQL, or correct its name in DATABASE_URL';
    return { text: `PostgreSQL has no database of that name (${reason})`, fix };
  }
  return {
    text: `the database does not answer (${reason})`,
    fix: 'start PostgreSQL, or correct DATABASE_URL',
  };
}

function judge(difference: {
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
}): Finding {
  const { missing, unknown } = difference;
  if (missing.length === 0 && unknown.length === 0)
    return { state: 'ok', text: 'its tables are those of this version' };
  const [first = ''] = [...missing, ...unknown];
  if (missing.length === 0) {
    return {
      state: 'warn',
      text: `the database has ${unknown.length} things that this version does not know`,
      means: `it was changed by hand, or by a newer version: ${shorten(first)}`,
      fix: 'compare with the version that drawbridge serve runs: drawbridge version',
    };
  }
  return {
    state: 'fail',
    text: `the database lacks ${missing.length} things that this version needs`,
    means: `it is of an older version, or was changed by hand: ${shorten(first)}`,
    fix: 'start drawbridge serve, which migrates; if it stays so, restore the backup',
  };
}

/** As much of a definition as tells which it is. */
function shorten(line: string): string {
  return line.split(' ').slice(0, 2).join(' ');
}

/** The driver's code: its text may repeat the URL, and with it a password. */
function reasonOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string' && !(at instanceof DrawbridgeError)) return code;
    // The driver has no code for it.
    if (/timeout/i.test(at.message)) return 'no answer in time';
    if (at instanceof AggregateError) {
      const inner: unknown = at.errors[0];
      if (inner instanceof Error) return reasonOf(inner);
    }
  }
  return 'no reason given';
}
