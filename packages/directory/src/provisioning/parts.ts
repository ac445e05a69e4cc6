import type { Clock } from '@drawbridge/kit';
import type { Database } from '../database/index.ts';
import type { IntegrationRegistry } from '../integrations/index.ts';
import type { Sealer } from '../sealing/index.ts';

/** What sagas are made of. */
export interface SagaParts {
  readonly database: Database;
  readonly integrations: IntegrationRegistry;
  readonly clock: Clock;
  readonly sealer: Sealer;
}

/** The user whom a run of any saga but the first is about, as that first one left it in Zitadel. */
export interface UserOutput {
  readonly zitadelUserId: string;
}
