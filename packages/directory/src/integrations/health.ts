import { type Clock, DrawbridgeError } from '@drawbridge/kit';
import type { IntegrationRegistry } from './registry.ts';
import type { Integration } from './tenant.ts';

/** How an integration is, now. */
export interface Health {
  readonly reachable: boolean;
  readonly checkedAt: Date;
  readonly tookMs: number;
  readonly version: string | null;
  /** Why it is not reachable. */
  readonly code: string | null;
  readonly message: string | null;
}

/** Asks an integration for something small and harmless. */
export async function readHealth(
  registry: IntegrationRegistry,
  integration: Integration,
  clock: Clock,
  signal: AbortSignal,
): Promise<Health> {
  const began = clock.now();
  const answer = (rest: Pick<Health, 'reachable' | 'version' | 'code' | 'message'>): Health => ({
    checkedAt: new Date(clock.now()),
    tookMs: clock.now() - began,
    ...rest,
  });
  try {
    const version = await ask(registry, integration, signal);
    return answer({ reachable: true, version: version ?? null, code: null, message: null });
  } catch (caught) {
    const { code, message } = DrawbridgeError.from(caught);
    return answer({ reachable: false, version: null, code, message });
  }
}

async function ask(
  registry: IntegrationRegistry,
  integration: Integration,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (integration.type === 'netbird') {
    const client = await registry.netbird({ netbird_integration_id: integration.id });
    await client?.probe({ signal });
    return undefined;
  }
  const client = await registry.client(integration);
  return (await client.probe({ signal })).version;
}
