import type { Zitadel } from '@drawbridge/zitadel';
import type { IntegrationRegistry } from '../integrations/index.ts';
import { getUser } from '../users/index.ts';

/** The Zitadel in which a caller lives: their home organization's, or the one that everybody signs in at. */
export async function ownZitadel(
  integrations: IntegrationRegistry,
  userId: string | undefined,
): Promise<Zitadel> {
  const found = userId === undefined ? undefined : await getUser(integrations.database, userId);
  if (!found) return await integrations.client(await integrations.primary());
  return (await integrations.tenant(found.user.organization_id)).zitadel;
}
