import { createWorkshop, readRootToken, withOpenbaoForward } from '@drawbridge/stack';
import type { Context } from '../../context.ts';
import { demo } from '../demo/index.ts';
import { knownStack } from './settings.ts';
import { requireWired } from './wired.ts';

/**
 * `drawbridge stack --demo` and `--sso-demo`: the walk of `drawbridge demo` on the stack. With the root token it goes straight to OpenBao through a
 * forwarded port, past the ingress; as a person who signed in it goes the way that everybody goes.
 */
export async function stackDemo(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { state, ...settings } = await knownStack(context, flags);
  if (flags.ssoDemo === true) {
    const { clientId } = requireWired(state);
    const { issuer, address, openbao } = state;
    // The stack's own place, whatever somebody signed in to since.
    const env = {
      ...context.env,
      HARMONY_SSO_URL: issuer,
      HARMONY_SSO_CLIENT_ID: clientId,
      ZITADEL_API: address,
      OPENBAO_URL: openbao,
      DRAWBRIDGE_OPENBAO_ADDRESS: address,
    };
    return await demo({ ...context, env }, { sso: true });
  }
  const workshop = createWorkshop({ settings, signal: context.signal, env: context.env });
  try {
    const token = await readRootToken(settings);
    await withOpenbaoForward(workshop, async (url) => {
      const env = { ...context.env, OPENBAO_URL: url, OPENBAO_TOKEN: token.expose() };
      await demo({ ...context, env }, {});
    });
  } finally {
    await workshop.close();
  }
}
