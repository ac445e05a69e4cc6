import { join } from 'node:path';
import { DrawbridgeError, paths } from '@drawbridge/kit';
import { readStackState, type StackSettings, type StackState, settleStack } from '@drawbridge/stack';
import type { Context } from '../../context.ts';
import { settingsOf, stackSettings } from '../../settings/index.ts';

type Flags = Readonly<Record<string, unknown>>;

/** The folder that a stack is kept in. */
export function stackFolder({ env }: Pick<Context, 'env'>, name: string): string {
  return join(paths({ env }).data, 'stack', name);
}

/** The stack that flags, environment and `drawbridge.yaml` name. */
export async function stackOf(context: Context, flags: Flags): Promise<StackSettings> {
  const { values } = await settingsOf(stackSettings, context, flags);
  const { name, domain, port, context: cluster, kubeconfig, relayImage } = values;
  return settleStack({
    ...{ name, domain, port },
    zitadel: flags.skipZitadel !== true,
    folder: stackFolder(context, name),
    ...(relayImage === undefined ? {} : { relayImage }),
    ...(cluster === undefined ? {} : { context: cluster }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  });
}

/** A stack that `stack up` made, as it made it. @throws {DrawbridgeError} `stack_missing` */
export async function knownStack(
  context: Context,
  flags: Flags,
): Promise<StackSettings & { state: StackState }> {
  const { values } = await settingsOf(stackSettings, context, flags);
  const folder = stackFolder(context, values.name);
  const state = await readStackState(folder);
  if (!state) throw new DrawbridgeError('stack_missing', { where: folder });
  const { name, domain, port, zitadel, context: cluster, kubeconfig } = state;
  const settings = settleStack({
    ...{ name, domain, port, zitadel, folder },
    ...(cluster === undefined ? {} : { context: cluster }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  });
  return { ...settings, state };
}
