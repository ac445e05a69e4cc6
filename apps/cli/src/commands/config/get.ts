import type { Context } from '../../context.ts';
import { exposed, fieldOf, keyPathOf, openStore, targetOf, textOf } from '../../store/index.ts';

/** `drawbridge config get KEY[.FIELD]`: the value alone on stdout. Whoever asks for a secret by name gets it. */
export async function getConfig(
  context: Context,
  name: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, signal } = context;
  const path = keyPathOf(name);
  const store = await openStore(context, flags);
  try {
    const call = { fresh: flags.fresh === true, signal };
    const target = await targetOf(store, path.key);
    const found =
      typeof target === 'string'
        ? await store.config.get(target, call)
        : await store.config.get(target, call);
    const value = fieldOf(exposed(found), path);
    if (terminal.json) terminal.document({ schema: 'drawbridge.config-value/v1', key: name, value });
    // As it is: what a terminal cannot show is still the value.
    else await terminal.write(`${textOf(value)}\n`);
  } finally {
    await store.close();
  }
}
