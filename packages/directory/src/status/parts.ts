import type { Clock, Logger } from '@drawbridge/kit';
import type { IntegrationRegistry } from '../integrations/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Settings } from '../settings/index.ts';
import type { UserRequests } from '../users/index.ts';

/** What the status sync is made of. */
export interface SyncParts extends UserRequests {
  readonly jobs: Pick<Jobs, 'send'>;
  readonly integrations: IntegrationRegistry;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who the directory is in history and audit. */
export const ourselves = 'drawbridge';
