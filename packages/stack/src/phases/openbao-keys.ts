import { DrawbridgeError, readPrivateFile, Secret, writeFileAtomic } from '@drawbridge/kit';
import { charts, type StackSettings, stackFiles } from '../settings/index.ts';

/** Keeps what initializing gave, for the owner alone. */
export async function keepOpenbaoKeys(
  settings: StackSettings,
  keys: readonly Secret[],
  rootToken: Secret,
): Promise<void> {
  const { openbaoKeys, openbaoRootToken } = stackFiles(settings);
  const content = { unsealKeys: keys.map((key) => key.expose()) };
  await writeFileAtomic(openbaoKeys, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await writeFileAtomic(openbaoRootToken, `${rootToken.expose()}\n`, { mode: 0o600 });
}

/** @throws {DrawbridgeError} `stack_keys_missing` */
export async function readOpenbaoKeys(settings: StackSettings): Promise<readonly Secret[]> {
  const text = await kept(settings, stackFiles(settings).openbaoKeys);
  const { unsealKeys = [] } = JSON.parse(text.expose()) as { readonly unsealKeys?: readonly string[] };
  return unsealKeys.map((key) => new Secret(key));
}

/** @throws {DrawbridgeError} `stack_keys_missing` */
export async function readRootToken(settings: StackSettings): Promise<Secret> {
  return (await kept(settings, stackFiles(settings).openbaoRootToken)).map((text) => text.trim());
}

async function kept({ context }: StackSettings, path: string): Promise<Secret> {
  try {
    return (await readPrivateFile(path)).content;
  } catch (cause) {
    throw new DrawbridgeError('stack_keys_missing', {
      message: 'OpenBao is initialized, and what opens it is not here.',
      where: path,
      // In a cluster of somebody's its volume outlives stack down.
      ...(context === undefined
        ? {}
        : {
            fix: `Put the files back, or begin anew without what is in it: kubectl --context ${context} delete namespace ${charts.openbao.namespace}`,
          }),
      cause,
    });
  }
}
