/** A program that reads one value and ends. Whether it needs OpenBao for it depends on what is kept. */
import { createConfigManager, defineConfig, environmentSource } from '@drawbridge/config';
import { createOpenbaoSession, openbaoSource } from '@drawbridge/config/openbao';
import { Secret } from '@drawbridge/kit/core';
import { schema } from './schema.ts';

const [url = '', token = '', cacheFolder] = process.argv.slice(2);
const session = createOpenbaoSession({ url, as: { kind: 'token', token: new Secret(token) } });
const store = openbaoSource({
  session,
  app: 'bench',
  environment: 'dev',
  ...(cacheFolder === undefined ? {} : { cacheFolder }),
});
const config = createConfigManager({ sources: [environmentSource(), store] });
const { url: read } = await config.get(defineConfig('key-a1', schema));
process.stdout.write(read);
await config.close();
await session.close();
