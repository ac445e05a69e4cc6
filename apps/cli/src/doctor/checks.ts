import { readJson, type Secret } from '@drawbridge/kit';
import { type Check, type InstancePatient, instanceChecks } from '@drawbridge/zitadel';

/** What `doctor` looks at: an instance, and the directory in front of it. */
export interface Patient extends InstancePatient {
  readonly directory: string | undefined;
  readonly databaseUrl: Secret | undefined;
}

const directoryCheck: Check<Patient> = {
  name: 'directory',
  needs: [],
  async run({ directory, fetch, signal }) {
    if (directory === undefined) return { state: 'ok', text: 'none is set; nothing to check' };
    const response = await fetch(`${directory}/readyz`, { signal });
    if (response.ok) return { state: 'ok', text: `${directory} is ready` };
    const { checks = {} } = (await readJson(response)) as { checks?: Record<string, string> };
    const failed = Object.entries(checks).flatMap(([name, result]) => (result === 'ok' ? [] : [name]));
    return {
      state: 'fail',
      text: `${directory} is not ready: ${failed.join(', ') || 'it is stopping'}`,
      means: 'nothing is provisioned',
      fix: 'look at its log for "readiness check failed"',
    };
  },
};

const databaseCheck: Check<Patient> = {
  name: 'database',
  needs: [],
  async run({ databaseUrl }) {
    if (databaseUrl === undefined) return { state: 'ok', text: 'DATABASE_URL is not set; nothing to check' };
    const { compareSchema, openDatabase } = await import('@drawbridge/directory');
    const database = await openDatabase({ url: databaseUrl });
    try {
      const { missing, unknown } = await compareSchema(database);
      if (missing.length === 0 && unknown.length === 0)
        return { state: 'ok', text: 'its tables are those of this version' };
      const [first = ''] = [...missing, ...unknown];
      if (missing.length === 0) {
        return {
          state: 'warn',
          text: `has ${unknown.length} things that this version does not know`,
          means: `it was changed by hand, or by a newer version: ${shorten(first)}`,
          fix: 'compare with the version that drawbridge serve runs: drawbridge version',
        };
      }
      return {
        state: 'fail',
        text: `lacks ${missing.length} things that this version needs`,
        means: `it is of an older version, or was changed by hand: ${shorten(first)}`,
        fix: 'start drawbridge serve, which migrates; if it stays so, restore the backup',
      };
    } finally {
      await database.close();
    }
  },
};

/** As much of a definition as tells which it is. */
function shorten(line: string): string {
  return line.split(' ').slice(0, 2).join(' ');
}

/** All checks, in the order they are made. */
export const checks: readonly Check<Patient>[] = [...instanceChecks, directoryCheck, databaseCheck];
