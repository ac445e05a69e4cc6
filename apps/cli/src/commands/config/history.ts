import type { Context } from '../../context.ts';
import { keyPathOf, openStore, targetOf } from '../../store/index.ts';
import { moment, printTable } from '../../terminal/index.ts';
import { report } from './set.ts';

/** `drawbridge config history KEY`: versions in the store, the newest first; no values. */
export async function showHistory(
  context: Context,
  name: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, signal } = context;
  const { key } = keyPathOf(name);
  const store = await openStore(context, flags);
  try {
    const versions = await store.config.history(key, { signal });
    if (terminal.json) {
      const items = versions.map(({ at, ...rest }) => ({
        ...rest,
        ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
      }));
      terminal.document({ schema: 'drawbridge.config-history/v1', key, items, next: null });
      return;
    }
    const utc = context.flags.utc === true;
    printTable(
      terminal,
      [
        { title: 'VERSION', value: ({ version }) => String(version), right: true },
        { title: 'STATE', value: ({ state }) => state },
        {
          title: 'WHEN',
          value: ({ at }) => (at === undefined ? '' : moment(new Date(at).toISOString(), { utc })),
        },
        { title: 'BY', value: ({ by }) => by ?? '' },
      ],
      versions,
    );
    if (versions.length === 0) terminal.note(`There never was a ${key} in the store.`);
  } finally {
    await store.close();
  }
}

/** `drawbridge config rollback KEY VERSION`: writes an earlier version anew. */
export async function rollBack(
  context: Context,
  name: string,
  version: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { key } = keyPathOf(name);
  const store = await openStore(context, flags);
  try {
    const target = await targetOf(store, key);
    report(context, await store.config.rollback(target, Number(version), { signal: context.signal }));
  } finally {
    await store.close();
  }
}
