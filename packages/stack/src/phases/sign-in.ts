import { stackFiles } from '../settings/index.ts';
import { readRootToken } from './openbao-keys.ts';
import type { Phase } from './phase.ts';

/** What people need to open OpenBao with their sign-in. Without it the stack is usable, and says so. */
export const signInPhase: Phase = {
  name: 'sign-in',
  wanted: (settings) => settings.zitadel,
  about: () => 'project and device application in Zitadel, JWT method and role in OpenBao',
  async run({ settings, wireSignIn, signal }, waiting) {
    waiting('Zitadel and OpenBao are told of each other');
    const signIn = await wireSignIn({
      settings,
      zitadelKey: stackFiles(settings).zitadelKey,
      rootToken: await readRootToken(settings),
      signal,
    });
    return { text: `application ${signIn.clientId}, role harmony-developer`, signIn };
  },
};
