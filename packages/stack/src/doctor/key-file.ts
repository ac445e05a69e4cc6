import { stat } from 'node:fs/promises';
import type { DoctorCheck } from './patient.ts';

/** The key file is there, is one, and is for its owner alone. */
export const keyFileCheck: DoctorCheck = {
  name: 'key file',
  needs: [],
  async run({ keyPath, loadKey }) {
    // Says what the file is instead, where it is no key of a service account.
    await loadKey();
    const { mode, uid } = await stat(keyPath);
    // As a pod's volume with fsGroup: root's, and the group's right to read is how the process may.
    const byGroup = uid === 0 && process.getuid?.() !== 0;
    const open = process.platform !== 'win32' && (mode & (byGroup ? 0o037 : 0o077)) !== 0;
    if (!open) return { state: 'ok', text: `${keyPath} is for its owner alone` };
    return {
      state: 'warn',
      text: `others may read ${keyPath} (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
      means: 'whoever reads it is the service account; in a pod, it is the defaultMode of its volume',
      fix: `chmod 600 ${keyPath}`,
    };
  },
};
