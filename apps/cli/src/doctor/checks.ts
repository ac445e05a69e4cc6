import { readJson } from '@drawbridge/kit';
import { type Check, type InstancePatient, instanceChecks } from '@drawbridge/zitadel';

/** What `doctor` looks at: an instance, and the directory in front of it. */
export interface Patient extends InstancePatient {
  readonly directory: string | undefined;
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

/** All checks, in the order they are made. */
export const checks: readonly Check<Patient>[] = [...instanceChecks, directoryCheck];
