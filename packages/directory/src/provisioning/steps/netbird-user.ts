import type { Netbird, NetbirdUser } from '@drawbridge/netbird';
import type { OrganizationPlace } from '../../integrations/index.ts';
import type { StepContext } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';

/** NetBird as a run meets it; `user` is missing until the person has signed in there. */
export interface NetbirdPlace {
  readonly client: Netbird;
  readonly organization: OrganizationPlace['organization'];
  readonly user: NetbirdUser | undefined;
}

/** The NetBird of the user's home organization and the user there; nothing where the organization has no NetBird. */
export async function netbirdUserOf<Input>(
  { database, integrations }: SagaParts,
  { userId, signal, scope }: Pick<StepContext<Input>, 'userId' | 'signal' | 'scope'>,
): Promise<NetbirdPlace | undefined> {
  const row = await database.read((db) =>
    db
      .selectFrom('users')
      .select(['zitadel_user_id', 'organization_id'])
      .where('id', '=', userId)
      .executeTakeFirst(),
  );
  if (!row?.zitadel_user_id) return undefined;
  const { organization } = await integrations.place(row.organization_id, scope);
  const client = await integrations.netbird(organization);
  if (!client) return undefined;
  return { client, organization, user: await client.users.findBySubject(row.zitadel_user_id, { signal }) };
}
