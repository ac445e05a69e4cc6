import { access } from 'node:fs/promises';

/** Whether a file is there. */
export async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
