import { access } from 'node:fs/promises';
import { writeFileAtomic } from '@drawbridge/kit';

/** Writes a secret file unless it is there; a key's private half cannot be had a second time. */
export async function keepFile(path: string, make: () => Promise<string>): Promise<string> {
  try {
    await access(path);
  } catch {
    await writeFileAtomic(path, await make(), { mode: 0o600 });
  }
  return path;
}
