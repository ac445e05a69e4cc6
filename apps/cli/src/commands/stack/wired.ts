import { DrawbridgeError } from '@drawbridge/kit';
import { readStackState, type StackState } from '@drawbridge/stack';
import type { Context } from '../../context.ts';
import { settingsOf, stackSettings } from '../../settings/index.ts';
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

/** For who runs `demo` where no OpenBao is set: a stack of this machine that is not wired, or that its own demo reaches. */
export async function demoOfStack(context: Context, sso: boolean): Promise<void> {
  const { values } = await settingsOf(stackSettings, context, {});
  const state = await readStackState(stackFolder(context, values.name));
  if (!state) return;
  if (sso) requireWired(state);
  throw new DrawbridgeError('usage', {
    message: 'Which OpenBao is not set. There is a local stack.',
    fix: sso ? 'drawbridge stack --sso-demo' : 'drawbridge stack --demo',
  });
}
