import type { Context } from '../../context.ts';
import { keyPathOf, openStore, targetOf, withField } from '../../store/index.ts';
import { report } from './set.ts';

/** `drawbridge config unset KEY[.FIELD]`: takes a value away, or one field of it. Its versions stay. */
export async function unsetConfig(
  context: Context,
  name: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, signal } = context;
  const { key, field } = keyPathOf(name);
  const store = await openStore(context, flags);
  try {
    const target = await targetOf(store, key);
    if (field.length > 0) {
      report(
        context,
        await store.config.update(target, (present) => withField(present, field, undefined), { signal }),
      );
      return;
    }
    const { removed, where, source } = await store.config.unset(target, { signal });
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.config-removed/v1', key, removed, where, source });
      return;
    }
    terminal.answer(removed ? `${key}  removed  ${where}` : `${key}  was not there  ${where}`);
    if (removed) terminal.note(`Its versions stay: drawbridge config history ${key}`);
  } finally {
    await store.close();
  }
}
