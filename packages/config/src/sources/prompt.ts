import type { Readable, Writable } from 'node:stream';
import { DrawbridgeError } from '@drawbridge/kit/core';
import { readScalar } from './scalar.ts';
import type { ConfigSource, ReadContext } from './source.ts';

/** How a person is asked. */
export interface PromptSourceOptions {
  /** Default `process.stdin`. */
  readonly input?: Readable & { readonly isTTY?: boolean };
  /** Where the question goes. Default `process.stderr`: stdout belongs to the answer of the program. */
  readonly output?: Writable & { readonly isTTY?: boolean };
}

/**
 * Asks a person at a terminal for a value that no other source has; the last source of a list. Nothing is asked where there is no
 * terminal, and what is typed for a secret is not shown. The answer is kept nowhere.
 *
 * @example
 * ```ts
 * import { createConfigManager, environmentSource, promptSource } from '@drawbridge/config';
 *
 * const config = createConfigManager({ sources: [environmentSource(), promptSource()] });
 * await config.close();
 * ```
 */
export function promptSource(options: PromptSourceOptions = {}): ConfigSource {
  const { input = process.stdin, output = process.stderr } = options;
  /** One question at a time. */
  let asking: Promise<unknown> = Promise.resolve();
  return {
    name: 'prompt',
    writable: false,
    async read(key, context) {
      if (!input.isTTY || !output.isTTY) return { state: 'absent', why: 'there is no terminal to ask at' };
      if (!context.mayAsk) return { state: 'absent', why: 'nobody is asked for this' };
      const asked = asking.then(() => ask(key, context, input, output));
      asking = asked.catch(() => undefined);
      const text = await asked;
      if (text === '') return { state: 'absent', why: 'nothing was entered' };
      const { value, orText } = readScalar(text);
      return {
        state: 'found',
        value,
        ...(orText === undefined ? {} : { or: { value: orText } }),
        where: 'the terminal',
      };
    },
  };
}

async function ask(
  key: string,
  { definition, signal }: ReadContext,
  input: Readable,
  output: Writable,
): Promise<string> {
  const [{ createInterface }, { Writable: Sink }] = await Promise.all([
    import('node:readline/promises'),
    import('node:stream'),
  ]);
  const about = definition?.description === undefined ? '' : ` (${definition.description})`;
  // Secret in part is secret here: the whole value is typed in one line.
  const isHidden = !definition || definition.secret || definition.secretFields.length > 0;
  const nothing = new Sink({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: isHidden ? nothing : output, terminal: true });
  const ended = new AbortController();
  // Ctrl-C, or the end of the input.
  lines.once('close', () => ended.abort());
  try {
    const question = `${key}${about}${isHidden ? ', not shown while you type' : ''}: `;
    if (isHidden) output.write(question);
    const either = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
    return await lines.question(isHidden ? '' : question, { signal: either });
  } catch (error) {
    throw new DrawbridgeError('canceled', { message: `Nothing was entered for ${key}.`, cause: error });
  } finally {
    lines.close();
    if (isHidden) output.write('\n');
  }
}
