import type { Clock } from '@drawbridge/kit';
import {
  type Health,
  type Integration,
  type IntegrationRegistry,
  listIntegrations,
  readHealth,
} from '../integrations/index.ts';
import type { Attention } from './attention.ts';

/** An integration as the overview shows it. */
export interface Strip {
  readonly integration: Integration;
  readonly health: Health;
  readonly keyExpiresAt: Date | null;
}

const fresh = 15_000;
const patience = 5_000;
const soon = 14 * 86_400_000;

/** Health of all integrations, looked at once for all who ask within a quarter of a minute. */
export class Strips {
  readonly #registry: IntegrationRegistry;
  readonly #clock: Clock;
  #last: { readonly at: number; readonly strips: Promise<readonly Strip[]> } | undefined;

  constructor(registry: IntegrationRegistry, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
  }

  read(): Promise<readonly Strip[]> {
    const now = this.#clock.now();
    if (this.#last && now - this.#last.at < fresh) return this.#last.strips;
    const strips = this.#look();
    this.#last = { at: now, strips };
    strips.catch(() => {
      this.#last = undefined;
    });
    return strips;
  }

  async #look(): Promise<readonly Strip[]> {
    const integrations = await listIntegrations(this.#registry.database);
    return await Promise.all(
      integrations.map(async (integration) => ({
        integration,
        health: await readHealth(this.#registry, integration, this.#clock, AbortSignal.timeout(patience)),
        // A key that cannot be read makes the integration unreachable, which the health beside it says.
        keyExpiresAt: await this.#registry.keyExpiry(integration).catch(() => null),
      })),
    );
  }
}

/** What of the integrations waits for a person: one that is down, a key that ends soon. */
export function attentionOf(strips: readonly Strip[], now: Date): Attention[] {
  return strips.flatMap(({ integration, health, keyExpiresAt }) => {
    const { id, name } = integration;
    const found: Attention[] = [];
    if (!health.reachable) {
      found.push({
        kind: 'integration',
        id,
        title: `${name} is not reached: ${health.message ?? health.code ?? ''}`,
        since: health.checkedAt,
        action: 'look at it',
        organizationId: null,
      });
    }
    if (keyExpiresAt && keyExpiresAt.getTime() - now.getTime() < soon) {
      const days = Math.max(0, Math.floor((keyExpiresAt.getTime() - now.getTime()) / 86_400_000));
      found.push({
        kind: 'key',
        id,
        title: `The key of ${name} ends in ${days} days; provisioning and sync stop then.`,
        since: now,
        action: 'rotate it',
        organizationId: null,
      });
    }
    return found;
  });
}
