import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

/** Where this product keeps things. Every path of the product is named here and nowhere else. */
export interface Paths {
  /** Databases and event logs that must survive. */
  readonly data: string;
  /** A person's settings: `drawbridge.yaml` is looked for here after the working folder. */
  readonly config: string;
  /** What can be made again. */
  readonly cache: string;
  /** The file of the signed-in session. */
  readonly session: string;
  /** The folder with keys and passwords of the local cluster. */
  readonly stackKeys: string;
}

export interface PathsOptions {
  /** Default `process.env`. `DRAWBRIDGE_DATA_DIR` puts everything under one folder. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folders used without `DRAWBRIDGE_DATA_DIR`. Default: where this platform keeps such things, by env-paths. */
  readonly defaults?: Pick<Paths, 'data' | 'config' | 'cache'>;
}

/**
 * Names all paths. Nothing is created: writers make the folders they need, for the owner only.
 *
 * @example
 * ```ts
 * import { paths } from '@drawbridge/kit';
 *
 * console.log(paths({ env: { DRAWBRIDGE_DATA_DIR: '/srv/drawbridge' } }).session); // /srv/drawbridge/session.json
 * ```
 */
export function paths(options: PathsOptions = {}): Paths {
  const { env = process.env, defaults } = options;
  const chosen = env.DRAWBRIDGE_DATA_DIR;
  if (chosen) {
    const root = resolve(chosen);
    return {
      data: join(root, 'data'),
      config: root,
      cache: join(root, 'cache'),
      session: join(root, 'session.json'),
      stackKeys: join(root, 'stack'),
    };
  }
  const { data, config, cache } = defaults ?? envPaths('drawbridge', { suffix: '' });
  return { data, config, cache, session: join(data, 'session.json'), stackKeys: join(data, 'stack') };
}
