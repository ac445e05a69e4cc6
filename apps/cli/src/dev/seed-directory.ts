import {
  addOrganization,
  type Database,
  findOrganization,
  putMember,
  putNetbirdIntegration,
  putOrganizationNetbird,
  putSiteAdministrator,
  putZitadelIntegration,
} from '@drawbridge/directory';
import type { SeededZitadel } from './seed-zitadel.ts';

/** The NetBird of `dev`, as the directory reaches it. */
export interface SeededNetbird {
  readonly url: string;
  readonly tokenPath: string;
}

const actor = 'dev';

/** Makes sure that the directory knows the demo tenant and its administrator. Repeatable. */
export async function seedDirectory(
  database: Database,
  issuer: string,
  seeded: SeededZitadel,
  netbird: SeededNetbird,
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
    const netbirdId = await putNetbirdIntegration(trx, {
      name: 'netbird',
      url: netbird.url,
      token: `file:${netbird.tokenPath}`,
      actor,
      at,
    });
    // Once: what is changed in the console afterwards stays.
    if (!known) {
      await putOrganizationNetbird(trx, {
        organizationId,
        integrationId: netbirdId,
        projectId: seeded.netbirdProjectId,
        groups: ['demo'],
        roleGroups: { admin: ['demo-admins'], manager: ['demo-managers'] },
        at,
      });
    }
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
