import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { readPrivateFile, type Secret, writeFileAtomic } from '@drawbridge/kit';

/** The key that this folder's directory seals with, made at its first start. */
export async function keepSecretKey(folder: string): Promise<Secret> {
  const path = join(folder, 'secret-key');
  try {
    await access(path);
  } catch {
    await writeFileAtomic(path, randomBytes(32).toString('base64'), { mode: 0o600 });
  }
  return (await readPrivateFile(path)).content.map((text) => text.trim());
}
