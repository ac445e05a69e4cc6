import { stripVTControlCharacters } from 'node:util';
import { DrawbridgeError } from '@drawbridge/kit';
import { accessOf, openKube, type StackPart, stackLogs, stackParts } from '@drawbridge/stack';
import type { Context } from '../../context.ts';
import { knownStack } from './settings.ts';

const defaultTail = 50;

/**
 * `drawbridge stack logs [part]`: the last lines of the pods of a part, each with its pod's name before it. As documents they are what was
 * written; as text they lack what would steer a terminal.
 */
export async function logs(
  context: Context,
  part: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, signal } = context;
  const { tail = defaultTail } = flags as { readonly tail?: number };
  if (part !== undefined && !isPart(part))
    throw new DrawbridgeError('usage', {
      message: `There is no part ${part}.`,
      fix: `Name one of: ${stackParts.join(', ')}.`,
    });
  const stack = await knownStack(context, flags);
  const parts = part === undefined ? stackParts : [part];
  const lines: { readonly pod: string; readonly line: string }[] = [];
  const kube = await openKube({ ...accessOf(stack), signal }).catch((error: unknown) => {
    throw withAdvice(DrawbridgeError.from(error));
  });
  try {
    for await (const one of stackLogs(kube, parts, tail, signal)) lines.push(one);
  } finally {
    await kube.close();
  }
  signal.throwIfAborted();
  const width = Math.max(0, ...new Set(lines.map(({ pod }) => pod.length)));
  for (const { pod, line } of lines) {
    if (terminal.json) terminal.document({ schema: 'drawbridge.stack-log/v1', pod, line });
    else await terminal.write(`${pod.padEnd(width)}  ${harmless(line)}\n`);
  }
  if (lines.length > 0) return;
  if (stack.zitadel || part === 'openbao') terminal.note('No pod has written anything.');
  else terminal.note('No pod has written anything; this stack has no Zitadel.');
}

/** After a restart of the machine the cluster is stopped: that is no riddle for whoever wants to read logs. */
function withAdvice(error: DrawbridgeError): DrawbridgeError {
  const { code, where, saw = '' } = error;
  if (code !== 'unreachable') return error;
  const message = 'The cluster of the stack does not answer.';
  const fix = 'drawbridge stack status, and drawbridge stack up where it is stopped';
  return new DrawbridgeError(code, {
    message,
    ...(where === undefined ? {} : { where }),
    saw,
    fix,
    cause: error,
  });
}

/** What pods write comes from anywhere: it may not draw on a terminal, nor reach its clipboard. Tabs stay. */
function harmless(line: string): string {
  return stripVTControlCharacters(line).replace(/(?!\t)\p{Cc}/gu, '');
}

function isPart(text: string): text is StackPart {
  return (stackParts as readonly string[]).includes(text);
}
