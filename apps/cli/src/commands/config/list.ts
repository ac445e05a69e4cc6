import type { Context } from '../../context.ts';
import { loadDefinitions, openStore } from '../../store/index.ts';
import { printTable } from '../../terminal/index.ts';

/** `drawbridge config list`: keys, and which sources have them; no values. */
export async function listConfig(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { terminal, signal } = context;
  const store = await openStore(context, flags);
  try {
    const entries = await store.config.list({ signal });
    const definitions =
      store.definitions === undefined ? undefined : await loadDefinitions(store.definitions);
    const keys = new Set([...entries.map(({ key }) => key), ...(definitions?.keys() ?? [])]);
    const items = [...keys].toSorted().map((key) => ({
      key,
      sources: entries.find((one) => one.key === key)?.sources ?? [],
      description: definitions?.get(key)?.description ?? null,
    }));
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.config-keys/v1', items, next: null });
      return;
    }
    printTable(
      terminal,
      [
        { title: 'KEY', value: ({ key }) => key },
        { title: 'IN', value: ({ sources }) => sources.join(', ') || 'nowhere yet' },
        ...(definitions
          ? [{ title: 'WHAT', value: (item: (typeof items)[number]) => item.description ?? '' }]
          : []),
      ],
      items,
    );
    if (items.length === 0) terminal.note('There are no values yet: drawbridge config set greeting hello');
  } finally {
    await store.close();
  }
}
