import type { CallOptions, Transport } from '../transport/index.ts';
import { OpenbaoError } from '../transport/index.ts';
import type { MountBody } from '../wire/index.ts';
import { pathOf, readData, readObject } from './reading.ts';

/** Something mounted: a secrets engine or an auth method. */
export interface Mount {
  /** Without a slash at its end. */
  readonly path: string;
  readonly type: string;
  readonly description: string;
  readonly accessor: string;
  /** Such as `version: '2'` of a KV engine. */
  readonly options: Readonly<Record<string, string>>;
  /** Seconds; 0 for the server's own. */
  readonly defaultTtl: number;
  /** Seconds; 0 for the server's own. */
  readonly maxTtl: number;
}

/** Settings of a mount that can change later. */
export interface MountTuning {
  readonly description?: string;
  /** Such as `1h`. */
  readonly defaultTtl?: string;
  readonly maxTtl?: string;
  /** `unauth` shows it to who has no token yet. */
  readonly listingVisibility?: 'unauth' | 'hidden';
}

/** Auth methods or secrets engines. Every method throws what the transport throws; the codes named are those to expect. */
export interface Mounts {
  list(options?: CallOptions): Promise<readonly Mount[]>;
  /** What is mounted at a path; undefined for nothing. */
  find(path: string, options?: CallOptions): Promise<Mount | undefined>;
  /** @throws {DrawbridgeError} `openbao_already_exists` where the path is taken, `openbao_invalid_argument` for an unknown type */
  enable(
    path: string,
    mount: MountTuning & { readonly type: string; readonly options?: Readonly<Record<string, string>> },
    options?: CallOptions,
  ): Promise<void>;
  tune(path: string, tuning: MountTuning, options?: CallOptions): Promise<void>;
  /** Takes it away with all that is in it. Nothing there is fine. */
  disable(path: string, options?: CallOptions): Promise<void>;
}

/** The auth methods (`auth`) or the secrets engines (`mounts`) of an OpenBao, over its transport. */
export function createMounts(transport: Transport, kind: 'auth' | 'mounts'): Mounts {
  const at = (path: string) => `/sys/${kind}/${pathOf(path)}`;
  return {
    async list(options) {
      const answer = await transport.call({ method: 'GET', path: `/sys/${kind}` }, options);
      const data = readData<Readonly<Record<string, unknown>>>(answer, 'a list of mounts');
      return Object.entries(data).map(([path, body]) => toMount(path, body));
    },
    async find(path, options) {
      try {
        const answer = await transport.call({ method: 'GET', path: at(path) }, options);
        return toMount(path, readData(answer, 'a mount'));
      } catch (error) {
        if (error instanceof OpenbaoError && error.code === 'openbao_missing_mount') return undefined;
        throw error;
      }
    },
    async enable(path, mount, options) {
      const { description } = mount;
      const body = {
        type: mount.type,
        ...(description === undefined ? {} : { description }),
        ...(mount.options ? { options: mount.options } : {}),
        config: configOf(mount),
      };
      await transport.call({ method: 'POST', path: at(path), body }, options);
    },
    async tune(path, tuning, options) {
      const { description } = tuning;
      const body = { ...(description === undefined ? {} : { description }), ...configOf(tuning) };
      await transport.call({ method: 'POST', path: `${at(path)}/tune`, body, repeatable: true }, options);
    },
    async disable(path, options) {
      await transport.call({ method: 'DELETE', path: at(path) }, options);
    },
  };
}

function configOf({ defaultTtl, maxTtl, listingVisibility }: MountTuning): object {
  return {
    ...(defaultTtl === undefined ? {} : { default_lease_ttl: defaultTtl }),
    ...(maxTtl === undefined ? {} : { max_lease_ttl: maxTtl }),
    ...(listingVisibility === undefined ? {} : { listing_visibility: listingVisibility }),
  };
}

function toMount(path: string, value: unknown): Mount {
  const body = readObject<MountBody>(value, 'a mount', { type: 'string', accessor: 'string' });
  return {
    path: path.replace(/^\/+|\/+$/g, ''),
    type: body.type,
    description: body.description,
    accessor: body.accessor,
    options: body.options ?? {},
    defaultTtl: body.config.default_lease_ttl,
    maxTtl: body.config.max_lease_ttl,
  };
}
