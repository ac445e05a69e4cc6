import { text as readAll } from 'node:stream/consumers';
import type { ConfigWritten } from '@drawbridge/config';
import { DrawbridgeError } from '@drawbridge/kit';
import type { Context } from '../../context.ts';
import { readText } from '../../read-text.ts';
import { keyPathOf, openStore, parsedOf, targetOf, withField } from '../../store/index.ts';
import { askSecret } from '../../terminal/index.ts';

interface SetFlags {
  readonly fromFile?: string;
  readonly text?: boolean;
  readonly cas?: number;
}

/**
 * `drawbridge config set KEY[.FIELD] [VALUE]`: writes a value, or one field of it. A secret is read from a file, from stdin or typed, since
 * every process of the machine can read arguments.
 */
export async function setConfig(
  context: Context,
  name: string,
  argument: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { signal } = context;
  const given = flags as SetFlags;
  const { key, field } = keyPathOf(name);
  const store = await openStore(context, flags);
  try {
    const target = await targetOf(store, key);
    if (argument !== undefined && argument !== '-' && typeof target !== 'string') {
      const isSecret = target.secret || target.secretFields.includes(field[0] ?? '');
      if (isSecret)
        throw new DrawbridgeError('usage', {
          message: `${name} is secret and not taken as an argument.`,
          fix: `drawbridge config set ${name}   asks for it; or --from-file, or stdin`,
        });
    }
    const text = await readValue(context, name, argument, given);
    const value = given.text ? text : parsedOf(text);
    const { cas } = given;
    const written =
      field.length > 0 && cas === undefined
        ? await store.config.update(target, (present) => withField(present, field, value), { signal })
        : await write();
    report(context, written);

    async function write(): Promise<ConfigWritten> {
      if (field.length > 0)
        throw new DrawbridgeError('usage', {
          message: '--cas is for whole values; a field is changed on what is there.',
        });
      const change = { signal, ...(cas === undefined ? {} : { cas: cas === 0 ? ('absent' as const) : cas }) };
      return typeof target === 'string'
        ? await store.config.set(target, value, change)
        : await store.config.set(target, value, change);
    }
  } finally {
    await store.close();
  }
}

/** Argument, file, stdin, or what is typed. */
async function readValue(
  { terminal, stdin, signal }: Context,
  name: string,
  argument: string | undefined,
  { fromFile }: SetFlags,
): Promise<string> {
  if (fromFile !== undefined) return withoutLineEnd(await readText(fromFile));
  if (argument !== undefined && argument !== '-') return argument;
  if (argument === '-' || (stdin && stdin.isTTY !== true)) {
    const read = stdin ? withoutLineEnd(await readAll(stdin)) : '';
    if (read !== '') return read;
    throw new DrawbridgeError('usage', {
      message: `No value for ${name} came: give it as an argument, on stdin, or with --from-file.`,
    });
  }
  return (
    await askSecret(terminal, { text: name, setting: 'give it on stdin, or with --from-file' }, signal)
  ).expose();
}

/** What an editor or `echo` puts at the end is not meant. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** What was written, and where; and whether programs will see it. */
export function report(
  { terminal }: Context,
  { key, version, where, source, hiddenBy }: ConfigWritten,
): void {
  if (terminal.json) {
    terminal.document({
      schema: 'drawbridge.config-written/v1',
      key,
      source,
      where,
      version: version ?? null,
      hiddenBy: hiddenBy ?? null,
    });
    return;
  }
  terminal.answer(`${key}  ${version === undefined ? 'written' : `version ${version}`}  ${where}`);
  if (hiddenBy)
    terminal.note(
      terminal.line('warn', [`programs here go on reading ${hiddenBy.where} (${hiddenBy.source})`]),
    );
}
