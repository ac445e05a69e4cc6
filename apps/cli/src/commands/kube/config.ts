import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DrawbridgeError, translateFileError, writeFileAtomic } from '@drawbridge/kit';
import type { Context } from '../../context.ts';
import { requirePlace, type SignInPlace } from '../../places/index.ts';
import { withUser } from './kubeconfig.ts';

interface ConfigFlags {
  readonly user: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly audience?: readonly string[];
  readonly print?: boolean;
}

/** `drawbridge kube config`: the entry in the kubeconfig that makes kubectl sign in by `drawbridge kube credential`. */
export async function writeKubeConfig(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, env } = context;
  const given = flags as unknown as ConfigFlags;
  const place = await requirePlace(context, flags);
  const user = { name: given.user, exec: execOf(place, given.audience ?? []) };
  const path = given.kubeconfig ?? kubeconfigOf(env);
  const present = given.print ? '' : await read(path);
  const { text, changed } = await withUser(present, user, given.context, path);
  if (given.print) {
    await terminal.write(text);
    return;
  }
  // It holds other clusters' keys: whatever its mode was, it is the owner's now.
  if (changed) await writeFileAtomic(path, text, { mode: 0o600 });
  if (terminal.json) {
    const { name } = user;
    terminal.document({
      schema: 'drawbridge.kube-config/v1',
      path,
      user: name,
      context: given.context ?? null,
      changed,
    });
    return;
  }
  terminal.answer(
    changed ? `user ${user.name} written to ${path}` : `${path} has it already; nothing changed`,
  );
  terminal.note(
    given.context === undefined
      ? `Next: kubectl config set-context --current --user ${user.name}`
      : `Next: kubectl --context ${given.context} auth whoami`,
  );
}

function execOf({ issuer, clientId, allowInsecure }: SignInPlace, audiences: readonly string[]) {
  return {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'drawbridge',
    args: [
      'kube',
      'credential',
      '--issuer',
      issuer,
      '--client-id',
      clientId,
      ...audiences.flatMap((id) => ['--audience', id]),
      ...(allowInsecure ? ['--allow-insecure'] : []),
    ],
    interactiveMode: 'IfAvailable',
    provideClusterInfo: false,
    installHint: 'drawbridge signs you in to this cluster: npm install --global drawbridge',
  };
}

/** The file that kubectl would write to. */
function kubeconfigOf({ KUBECONFIG, HOME }: NodeJS.ProcessEnv): string {
  const [first] = (KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  return first ?? join(HOME ?? homedir(), '.kube', 'config');
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const own = translateFileError(error, path, 'file_unreadable');
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw own instanceof DrawbridgeError ? own : error;
  }
}
