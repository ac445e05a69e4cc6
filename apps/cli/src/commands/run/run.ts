import { DrawbridgeError } from '@drawbridge/kit';
import type { Context } from '../../context.ts';
import { ExitWith } from '../../context.ts';
import { exposed, keyPathOf, openStore, type Store, targetOf } from '../../store/index.ts';
import { NotStarted, runChild } from './child.ts';
import { isRefused, variablesOf } from './variables.ts';

interface RunFlags {
  readonly only?: readonly string[];
  readonly whole?: boolean;
  readonly redact?: boolean;
}

/**
 * `drawbridge run -- CMD`: runs a program with the values in its environment. Signals, exit code and terminal are the program's own; a
 * variable that is set already stays as it is.
 */
export async function run(
  context: Context,
  command: readonly string[],
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, env } = context;
  const { only, whole = false, redact = false } = flags as RunFlags;
  const store = await openStore(context, flags);
  let added: Readonly<Record<string, string>>;
  try {
    added = await read(context, store, { only, prefix: whole ? store.prefix : undefined });
  } finally {
    await store.close();
  }
  const refused = Object.keys(added).filter(isRefused);
  if (refused.length > 0)
    terminal.note(
      terminal.line('warn', [`not set, since they change how programs start: ${refused.join(', ')}`]),
    );
  const given = Object.entries(added).filter(([name]) => env[name] === undefined && !isRefused(name));
  // What leads to further values is not the program's.
  const { OPENBAO_TOKEN: _token, ...own } = env;
  const secrets = redact ? given.map(([, value]) => value) : undefined;
  try {
    throw new ExitWith(await runChild(command, { ...own, ...Object.fromEntries(given) }, secrets));
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    terminal.failure(`error[run]: ${error.message}`);
    throw new ExitWith(error.code);
  }
}

async function read(
  context: Context,
  store: Store,
  { only, prefix }: { readonly only: readonly string[] | undefined; readonly prefix: string | undefined },
): Promise<Readonly<Record<string, string>>> {
  const { signal } = context;
  const keys =
    only?.map((key) => keyPathOf(key).key) ?? (await store.config.list({ signal })).map(({ key }) => key);
  const values = await Promise.all(
    keys.map(async (key) => {
      const target = await targetOf(store, key);
      try {
        const value =
          typeof target === 'string'
            ? await store.config.get(target, { signal })
            : await store.config.get(target, { signal });
        return variablesOf(key, exposed(value), prefix);
      } catch (error) {
        // OpenBao goes on listing a value that was taken away.
        const isGone = DrawbridgeError.from(error).code === 'config_missing' && typeof target === 'string';
        if (isGone && only === undefined) return [];
        throw error;
      }
    }),
  );
  return Object.fromEntries(values.flat());
}
