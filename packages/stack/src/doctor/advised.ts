import { DrawbridgeError } from '@drawbridge/kit';
import type { DoctorCheck } from './patient.ts';

/** A check whose errors say what to do, also where the error itself does not know: that something is not reached, mostly. */
export function advised(fix: string, check: DoctorCheck): DoctorCheck {
  return {
    ...check,
    async run(patient) {
      try {
        return await check.run(patient);
      } catch (caught) {
        const error = DrawbridgeError.from(caught);
        if (error.fix !== undefined && error.code !== 'internal') throw error;
        const { saw, why } = error;
        const means = [saw ? `saw ${saw}` : '', why ?? ''].filter(Boolean).join('; ');
        return { state: 'fail', text: error.message, ...(means ? { means } : {}), fix };
      }
    },
  };
}
