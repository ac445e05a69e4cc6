import { stat } from 'node:fs/promises';
import type { DoctorCheck } from './patient.ts';

/** The key file is there, is one, and is for its owner alone. */
export const keyFileCheck: DoctorCheck = {
  name: 'key file',
  needs: [],
  async run({ keyPath, loadKey }) {
    // Says what the file is instead, where it is no key of a service account.
    await loadKey();
    const { mode } = await stat(keyPath);
    const open = process.platform !== 'win32' && (mode & 0o077) !== 0;
    if (!open) return { state: 'ok', text: `${keyPath} is for its owner alone` };
    return {
      state: 'warn',
      text: `others may read ${keyPath} (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
      means: 'whoever reads it is the service account',
      fix: `chmod 600 ${keyPath}`,
    };
  },
};
