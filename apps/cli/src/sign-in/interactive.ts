import type { SessionRequest } from '@drawbridge/zitadel';
import type { Context } from '../context.ts';
import { showDevicePrompt } from './device-prompt.ts';
import { openerOf } from './open-browser.ts';

/** How somebody is asked to sign in. */
export interface AskOptions {
  /** In a browser of this machine, without a code. */
  readonly browser?: boolean;
  /** Whether a browser is opened where that is possible. Default true. */
  readonly open?: boolean;
}

/** Asks the person at the terminal, by code or by browser. */
export function askPerson(
  context: Context,
  { browser = false, open = true }: AskOptions = {},
): NonNullable<SessionRequest['interactive']> {
  const { terminal, signal, env } = context;
  const opener = open ? openerOf(env) : undefined;
  return async (signIn) => {
    if (browser) {
      const show = (url: string) => {
        if (terminal.json) terminal.event('open', { url });
        else terminal.note(`  open   ${url}`);
        opener?.(url);
      };
      return await signIn.byBrowser({ open: show, signal });
    }
    let end: () => void = () => undefined;
    try {
      return await signIn.byDevice({
        signal,
        prompt: (prompt) => {
          end = showDevicePrompt(context, prompt, openerOf(env));
          opener?.(prompt.verificationUri);
        },
      });
    } finally {
      end();
    }
  };
}
