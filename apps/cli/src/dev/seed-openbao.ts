import type { OpenbaoEmulator } from '@drawbridge/emulators';
import { applyOpenbao, createOpenbao, harmonySetup, planOpenbao } from '@drawbridge/openbao';
import type { SeededZitadel } from './seed-zitadel.ts';

/**
 * Prepares OpenBao for the people of the demo tenant, as `drawbridge setup openbao` does for real ones: everybody has the folder
 * `harmony`, its administrators one of their own besides. Repeatable.
 */
export async function seedOpenbao(
  { url, bootstrap }: Pick<OpenbaoEmulator, 'url' | 'bootstrap'>,
  issuer: string,
  { projectId, organizationId }: SeededZitadel,
  signal: AbortSignal,
): Promise<void> {
  const openbao = createOpenbao({ url, token: bootstrap.rootToken });
  try {
    const wanted = harmonySetup({
      issuer,
      audiences: [projectId],
      teams: [{ name: 'admins', zitadelRole: 'admin', organizationId }],
    });
    await applyOpenbao(openbao, await planOpenbao(openbao, wanted, { signal }), { signal });
  } finally {
    await openbao.close();
  }
}
