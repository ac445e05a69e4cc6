import { newId } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Schema } from '../database/index.ts';

/** Somebody who is in Zitadel already and now becomes known here. */
export interface KnownMember {
  readonly organizationId: string;
  readonly integrationId: string;
  readonly zitadelUserId: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly role: string;
  readonly actor: string;
  readonly at: Date;
}

/** Makes sure that somebody who exists in Zitadel is a user here, at home in the organization. Nothing is sent to Zitadel. */
export async function putMember(trx: Transaction<Schema>, member: KnownMember): Promise<void> {
  const { organizationId, integrationId, zitadelUserId, email, givenName, familyName, role, actor, at } =
    member;
  const id = newId({ now: () => at.getTime() });
  const { permissions } = await trx
    .selectFrom('roles')
    .select('permissions')
    .where('key', '=', role)
    .executeTakeFirstOrThrow();
  const added = await trx
    .insertInto('users')
    .values({
      id,
      integration_id: integrationId,
      organization_id: organizationId,
      zitadel_user_id: zitadelUserId,
      email,
      given_name: givenName,
      family_name: familyName,
      active: true,
      permissions: JSON.stringify(permissions),
      created_at: at,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!added) return;
  await trx
    .insertInto('memberships')
    .values({ user_id: id, organization_id: organizationId, role_key: role, home: true, created_at: at })
    .execute();
  await recordAudit(trx, {
    organizationId,
    actor,
    action: 'user.know',
    objectType: 'user',
    objectId: id,
    to: { role, zitadelUserId },
    personal: { email },
    at,
  });
}
