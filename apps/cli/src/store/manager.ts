import { join } from 'node:path';
import {
  type ConfigManager,
  type ConfigSource,
  createConfigManager,
  environmentSource,
  fileSource,
  localStore,
  type StaleEvent,
  unsetSource,
} from '@drawbridge/config';
import { openbaoSource } from '@drawbridge/config/openbao';
import { paths } from '@drawbridge/kit';
import type { Context } from '../context.ts';
import { findOpenbao, valuesFolder } from '../places/index.ts';
import { settingsOf, storeSettings } from '../settings/index.ts';
import { sinceOf } from '../terminal/index.ts';
import { type OpenedSession, openOpenbaoSession } from './session.ts';

type Flags = Readonly<Record<string, unknown>>;

/** Configuration as a command sees it. */
export interface Store {
  readonly config: ConfigManager;
  /** Prefix of the environment variables that are read. */
  readonly prefix: string;
  /** Module with definitions, where one is set. */
  readonly definitions: string | undefined;
  /** For further managers over other sources. */
  readonly sources: readonly ConfigSource[];
  close(): Promise<void>;
}

/** Opens the sources: environment, file, then OpenBao, or the store of this machine where none is set. */
export async function openStore(context: Context, flags: Flags): Promise<Store> {
  const { values, file } = await settingsOf(storeSettings, context, flags);
  const { app, environment, mount, prefix, definitions, freshMs, maxAgeMs } = values;
  const place = await findOpenbao(context, flags);
  let opened: OpenedSession | undefined;
  const stores: ConfigSource[] = [];
  if (place) {
    opened = await openOpenbaoSession(context, place, flags);
    const cacheFolder = valuesFolder(context.env);
    stores.push(openbaoSource({ session: opened.session, mount, app, environment, cacheFolder }));
  } else {
    const folder = join(paths({ env: context.env }).data, 'values', app, environment);
    stores.push(unsetSource('OpenBao', 'OPENBAO_URL is not set'), localStore({ folder }));
  }
  const sources = [
    environmentSource({ prefix, env: context.env }),
    values.file === undefined
      ? fileSource({ path: file ?? 'drawbridge.yaml', section: 'config' })
      : fileSource({ path: values.file }),
    ...stores,
  ];
  const config = createConfigManager({
    sources,
    cache: { freshMs, maxAgeMs },
    onStale: (event) => tellStale(context, event),
  });
  return {
    config,
    prefix,
    definitions,
    sources,
    close: async () => {
      // A refresh that has begun is worth a moment, and not more: the answer is there already.
      await config.close({ waitMs: 2_000 });
      await opened?.close();
    },
  };
}

function tellStale({ terminal }: Context, { key, source, ageMs, error }: StaleEvent): void {
  const age = sinceOf(new Date(Date.now() - ageMs).toISOString());
  terminal.note(
    terminal.line('warn', [`${key} is from ${age} ago; ${source} did not answer: ${error.message}`]),
  );
}
