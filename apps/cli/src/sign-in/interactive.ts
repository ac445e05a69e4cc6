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

/** Asks the person at the terminal, by code or by browser; where there is none, nobody is asked. */
export function askPerson(
  context: Context,
  { browser = false, open = true }: AskOptions = {},
): Pick<SessionRequest, 'interactive' | 'terminal'> {
  const { terminal, signal, env } = context;
  const opener = openerOf(env);
  return {
    terminal: terminal.hasPerson,
    interactive: async (signIn) => {
      if (browser) {
        const show = (url: string) => {
          if (terminal.json) terminal.event('open', { url });
          else terminal.note(`  open   ${url}`);
          if (open) opener?.(url);
        };
        return await signIn.byBrowser({ open: show, signal });
      }
      let end: () => void = () => undefined;
      try {
        return await signIn.byDevice({
          signal,
          prompt: (prompt) => {
            end = showDevicePrompt(context, prompt, opener);
            if (open && opener) opener(prompt.verificationUri);
          },
        });
      } finally {
        end();
      }
    },
  };
}
