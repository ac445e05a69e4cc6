import { createConfigManager, environmentSource } from '@drawbridge/config';
import { createOpenbaoSession, type OpenbaoCredential, openbaoSource } from '@drawbridge/config/openbao';
import type { ConfigOverOpenbao, ConfigPlace } from '@drawbridge/emulators';
import { Secret } from '@drawbridge/kit/core';

/** The configuration manager as the contract asks for it. */
export function managerOn(url: string): (place: ConfigPlace) => ConfigOverOpenbao {
  return ({ mount, app, environment, as, env }) => {
    const session = createOpenbaoSession({
      url,
      authMount: as.mount,
      ...(as.kind === 'jwt' ? { role: as.role } : {}),
      as: credentialOf(as),
    });
    const config = createConfigManager({
      sources: [environmentSource({ env }), openbaoSource({ session, mount, app, environment })],
    });
    return {
      set: (key, value, change) => config.set(key, value, change),
      async get(key) {
        const value = (await config.get(key)).expose();
        const { sources } = await config.explain(key);
        return { value, source: sources.find(({ state }) => state === 'found')?.name ?? '' };
      },
      unset: (key) => config.unset(key),
      list: async () => (await config.list()).map(({ key }) => key),
      history: (key) => config.history(key),
      rollback: (key, version) => config.rollback(key, version),
      async close() {
        await config.close();
        await session.close();
      },
    };
  };
}

function credentialOf(as: ConfigPlace['as']): OpenbaoCredential {
  if (as.kind === 'userpass')
    return { kind: 'userpass', username: as.name, password: new Secret(as.password) };
  return { kind: 'machine', token: async () => new Secret(as.jwt) };
}
