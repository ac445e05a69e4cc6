import { removeEventExecutions } from '@drawbridge/events';
import { DrawbridgeError } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import type { Integration, IntegrationRegistry } from '../integrations/index.ts';

/** Two directories that listen to one Zitadel have a target each; replicas of one share theirs. */
export function targetNameOf(integrationId: string): string {
  return `drawbridge-directory-${integrationId}`;
}

/** Takes out of a Zitadel what was registered there for an integration. @returns how many event types were registered */
export async function withdrawWebhooks(
  zitadel: Zitadel,
  integrationId: string,
  signal: AbortSignal,
): Promise<number> {
  const options = { actions: zitadel.actions, name: targetNameOf(integrationId) };
  return (await removeEventExecutions(options, { signal })).eventTypes.length;
}

/**
 * Has an integration removed where this directory registers nothing, and takes out of its Zitadel what it once did. An account that
 * may not look cannot have registered anything either.
 *
 * @returns how many event types were registered
 */
export async function letGoSilent(
  integrations: IntegrationRegistry,
  integration: Integration,
  signal: AbortSignal,
  remove: () => Promise<void>,
): Promise<number> {
  let count = 0;
  try {
    count = await withdrawWebhooks(await integrations.client(integration), integration.id, signal);
  } catch (error) {
    const { code } = DrawbridgeError.from(error);
    if (code !== 'zitadel_forbidden' && code !== 'membership_missing') throw error;
  }
  await remove();
  return count;
}
