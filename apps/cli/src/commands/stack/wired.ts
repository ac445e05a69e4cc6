import { DrawbridgeError } from '@drawbridge/kit';
import { readStackState, type StackState } from '@drawbridge/stack';
import type { Context } from '../../context.ts';
import { settingsOf, stackSettings } from '../../settings/index.ts';
import { stackDemo } from './demo.ts';
import { stackFolder } from './settings.ts';

/** What people sign in to on a stack. @throws {DrawbridgeError} `not_signed_in` with what to do where OpenBao does not know Zitadel */
export function requireWired(state: StackState): { readonly clientId: string } {
  const { signIn, zitadel } = state;
  if (signIn.state === 'ready') return signIn;
  throw new DrawbridgeError('not_signed_in', {
    message: 'OpenBao of this stack does not know Zitadel yet, so nobody can sign in there.',
    ...(signIn.state === 'failed' ? { saw: `${signIn.code}: ${signIn.why}` } : {}),
    fix: zitadel ? 'drawbridge stack up' : 'This stack has no Zitadel: drawbridge stack --demo',
  });
}

/**
 * `drawbridge demo` for an OpenBao that is that of a stack of this machine, or where none is set and there is a stack: with the stack's root token,
 * past the ingress.
 *
 * @param url which OpenBao is meant, where one is known
 * @returns whether it was shown here
 * @throws {DrawbridgeError} `usage`, `not_signed_in` where somebody wants to sign in on a stack that is not the last place
 */
export async function demoOfStack(context: Context, sso: boolean, url: string | undefined): Promise<boolean> {
  const { values } = await settingsOf(stackSettings, context, {});
  const state = await readStackState(stackFolder(context, values.name));
  if (!state || (url !== undefined && url !== state.openbao)) return false;
  if (!sso) {
    await stackDemo(context, {});
    return true;
  }
  requireWired(state);
  throw new DrawbridgeError('usage', {
    message: 'Which OpenBao is not set. There is a local stack.',
    fix: 'drawbridge stack --sso-demo',
  });
}
