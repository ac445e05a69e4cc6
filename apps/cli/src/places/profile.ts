import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { paths, translateFileError, writeFileAtomic } from '@drawbridge/kit';

/** Where somebody signed in last, so that the next command need not be told. No secret is in it. */
export interface Profile {
  readonly issuer: string;
  readonly address?: string;
  readonly clientId: string;
  readonly openbao?: OpenbaoProfile;
}

/** The OpenBao that was signed in to. */
export interface OpenbaoProfile {
  readonly url: string;
  readonly address?: string;
  readonly ca?: string;
  readonly namespace?: string;
  readonly mount?: string;
  readonly role?: string;
}

function pathOf(env: NodeJS.ProcessEnv): string {
  return join(paths({ env }).data, 'profile.json');
}

/** The profile that `login` wrote. One that cannot be understood counts as none: it costs naming the place again. */
export async function readProfile(env: NodeJS.ProcessEnv): Promise<Profile | undefined> {
  const path = pathOf(env);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw translateFileError(error, path, 'file_unreadable');
  }
  try {
    const read = JSON.parse(text) as Partial<Profile>;
    return typeof read.issuer === 'string' && typeof read.clientId === 'string'
      ? (read as Profile)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps where somebody signed in. */
export async function writeProfile(env: NodeJS.ProcessEnv, profile: Profile): Promise<void> {
  await writeFileAtomic(pathOf(env), `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600 });
}

/** Forgets it. */
export async function removeProfile(env: NodeJS.ProcessEnv): Promise<void> {
  await rm(pathOf(env), { force: true });
}
