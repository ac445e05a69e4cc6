import { DrawbridgeError } from '@drawbridge/kit';
import { accessOf, openKube, type StackPart, stackLogs, stackParts } from '@drawbridge/stack';
import type { Context } from '../../context.ts';
import { knownStack } from './settings.ts';

/** `drawbridge stack logs [part]`: the last lines of the pods of a part, each with its pod's name before it. */
export async function logs(
  context: Context,
  part: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, signal } = context;
  if (part !== undefined && !isPart(part))
    throw new DrawbridgeError('usage', {
      message: `There is no part ${part}.`,
      fix: `Name one of: ${stackParts.join(', ')}.`,
    });
  const kube = await openKube({ ...accessOf(await knownStack(context, flags)), signal });
  try {
    const tail = Number(flags.tail ?? 50);
    const parts = part === undefined ? stackParts : [part];
    for await (const { pod, line } of stackLogs(kube, parts, tail, signal)) {
      if (terminal.json) terminal.document({ pod, line });
      else await terminal.write(`${pod}  ${line}\n`);
    }
  } finally {
    await kube.close();
  }
}

function isPart(text: string): text is StackPart {
  return (stackParts as readonly string[]).includes(text);
}
