import { join } from 'node:path';
import { DrawbridgeError } from '@drawbridge/kit';
import { applyOpenbao, createOpenbao, harmonySetup, planOpenbao } from '@drawbridge/openbao';
import { createZitadel, loadServiceAccount } from '@drawbridge/zitadel';
import type { SignInWork } from '../phases/index.ts';
import { relayOf } from '../settings/index.ts';
import { relayUrls } from '../values/index.ts';
import {
  applyZitadelSetup,
  builtinWish,
  checkWish,
  credentialFolder,
  planZitadelSetup,
} from '../zitadel-setup/index.ts';

/**
 * Makes in Zitadel what people sign in to with the command, and has OpenBao believe those sign-ins. Both are compared with what there is:
 * a repeat changes nothing.
 */
export async function wireSignIn({ settings, zitadelKey, rootToken, signal }: SignInWork) {
  const { issuer, address, folder } = settings;
  const zitadel = createZitadel({
    issuer,
    address,
    credentials: await loadServiceAccount(zitadelKey),
    // The lab's issuer is plain http on a name that leads to this machine.
    allowInsecure: true,
  });
  const openbao = createOpenbao({ url: settings.openbao, address, token: rootToken, allowInsecure: true });
  try {
    const options = {
      zitadel,
      wish: checkWish(builtinWish({ jobs: ['command'] })),
      credentials: credentialFolder(join(folder, 'zitadel')),
      call: { signal },
    };
    const { present } = await applyZitadelSetup(options, await planZitadelSetup(options));
    const application = present.applications.get('drawbridge/command');
    const projectId = present.projects.get('drawbridge');
    if (!application || projectId === undefined)
      throw new DrawbridgeError('check_failed', { message: 'Zitadel does not list what was just made.' });
    const wanted = harmonySetup({
      issuer,
      audiences: [projectId],
      ...(relayOf(settings) === undefined ? {} : { jwksUrl: relayUrls.keys }),
    });
    await applyOpenbao(openbao, await planOpenbao(openbao, wanted, { signal }), { signal });
    return { clientId: application.clientId, projectId };
  } finally {
    await Promise.all([zitadel.close(), openbao.close()]);
  }
}
