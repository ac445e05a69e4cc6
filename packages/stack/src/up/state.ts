import { readFile } from 'node:fs/promises';
import { translateFileError, writeFileAtomic } from '@drawbridge/kit';
import { accessOf, type StackSettings, stackFiles } from '../settings/index.ts';

/** What is known of a stack. No secret is in it. */
export interface StackState {
  readonly schema: 'drawbridge.stack/v1';
  readonly name: string;
  readonly domain: string;
  readonly port: number;
  readonly zitadel: boolean;
  readonly issuer: string;
  readonly openbao: string;
  /** Where both are reached on this machine. */
  readonly address: string;
  /** Absent where kubectl's own is taken. */
  readonly kubeconfig?: string;
  /** Absent for a cluster that was made with k3d. */
  readonly context?: string;
  /** The part that the last run came to. */
  readonly reached: string;
  readonly signIn:
    | { readonly state: 'ready'; readonly clientId: string; readonly projectId: string }
    | { readonly state: 'failed'; readonly code: string; readonly why: string }
    | { readonly state: 'none' };
}

/** What a run begins with. */
export function firstState(settings: StackSettings): StackState {
  const { name, domain, port, zitadel, issuer, openbao, address } = settings;
  return {
    schema: 'drawbridge.stack/v1',
    ...{ name, domain, port, zitadel, issuer, openbao, address },
    ...accessOf(settings),
    reached: 'begun',
    signIn: { state: 'none' },
  };
}

/** What the last run wrote, if there was one. @throws {DrawbridgeError} `file_unreadable` */
export async function readStackState(folder: string): Promise<StackState | undefined> {
  const path = stackFiles({ folder }).state;
  try {
    return JSON.parse(await readFile(path, 'utf8')) as StackState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw translateFileError(error, path, 'file_unreadable');
  }
}

export async function writeStackState(folder: string, state: StackState): Promise<void> {
  await writeFileAtomic(stackFiles({ folder }).state, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}
