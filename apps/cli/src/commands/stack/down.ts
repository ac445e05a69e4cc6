import { stackDown as takeDown } from '@drawbridge/stack';
import type { Context } from '../../context.ts';
import { readProfile, removeProfile } from '../../places/index.ts';
import { agree, startWait } from '../../terminal/index.ts';
import { knownStack } from './settings.ts';
import { toldOfLog } from './told-of-log.ts';

/** `drawbridge stack down`: takes the stack away, and says what is left. */
export async function stackDown(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { terminal, signal, env } = context;
  const stack = await knownStack(context, flags);
  const what =
    stack.context === undefined ? `the k3d cluster "${stack.name}" and all data in it` : 'its charts';
  const where = stack.context === undefined ? '' : ` from ${stack.context}`;
  await agree(terminal, { question: `Remove ${what}${where}?`, yes: flags.yes === true }, signal);
  const wait = startWait(terminal, `removing   ${what}`);
  const { removed, kept } = await takeDown(stack, { env, signal, onWaiting: (why) => wait.update(why) })
    .finally(() => wait.end())
    .catch(toldOfLog(terminal, stack));
  // Nobody can sign in there any more.
  if ((await readProfile(env))?.issuer === stack.issuer) await removeProfile(env);
  if (terminal.json) return terminal.document({ schema: 'drawbridge.stack-down/v1', removed, kept });
  for (const one of removed) terminal.mark('ok', ['removed', one]);
  for (const one of kept) terminal.mark('skip', ['kept', one]);
}
