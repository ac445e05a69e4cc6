import { stackStatus } from '@drawbridge/stack';
import { type Context, Findings } from '../../context.ts';
import { knownStack } from './settings.ts';

/** `drawbridge stack status`: what of the stack works now, looked at from outside. Exit code 1 where something does not. */
export async function stackStatusCommand(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, signal, env } = context;
  const stack = await knownStack(context, flags);
  const parts = await stackStatus(stack, { env, signal });
  const { name, issuer, openbao, state } = stack;
  if (terminal.json) {
    terminal.document({
      schema: 'drawbridge.stack-status/v1',
      name,
      issuer,
      openbao,
      reached: state.reached,
      parts,
    });
  } else {
    for (const { part, ok, text } of parts) terminal.answer(terminal.line(ok ? 'ok' : 'fail', [part, text]));
  }
  if (parts.some(({ ok }) => !ok)) {
    terminal.note('Next: drawbridge stack up');
    throw new Findings();
  }
}
