import {
  addOrganization,
  type Database,
  findOrganization,
  putMember,
  putSiteAdministrator,
  putZitadelIntegration,
} from '@drawbridge/directory';
import type { SeededZitadel } from './seed-zitadel.ts';

const actor = 'dev';

/** Makes sure that the directory knows the demo tenant and its administrator. Repeatable. */
export async function seedDirectory(
  database: Database,
  issuer: string,
  seeded: SeededZitadel,
): Promise<void> {
  const known = await findOrganization(database, 'demo');
  const at = new Date();
  await database.transaction(async (trx) => {
    const integrationId = await putZitadelIntegration(trx, {
      name: 'zitadel',
      issuer,
      projectId: seeded.projectId,
      clientId: seeded.clientId,
      clientSecret: `file:${seeded.applicationKey}`,
      serviceAccount: `file:${seeded.serviceAccountKey}`,
      web: { clientId: seeded.web.web.clientId },
      management: { clientId: seeded.web.management.clientId },
      actor,
      at,
    });
    const organizationId =
      known?.id ??
      (await addOrganization(trx, {
        slug: 'demo',
        name: 'Demo',
        integrationId,
        zitadelOrgId: seeded.organizationId,
        actor,
        at,
      }));
    await putMember(trx, {
      organizationId,
      integrationId,
      zitadelUserId: seeded.demoUserId,
      email: seeded.demo.loginName,
      givenName: 'Demo',
      familyName: 'Admin',
      role: 'admin',
      actor,
      at,
    });
    await putSiteAdministrator(trx, seeded.demoUserId, actor, at);
    // In dev alone: the key that the README's curl lines use may do everything.
    await putSiteAdministrator(trx, seeded.serviceAccountId, actor, at);
  });
}
