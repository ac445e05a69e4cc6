// A directory in a process of its own, which ends itself with SIGKILL at a named point. Run by crash.test.ts.
import { argv, env, kill, pid } from 'node:process';
import { openDirectory } from '@drawbridge/directory';
import { Secret } from '@drawbridge/kit';
import { namesAsTokens } from './support/world.ts';

const [location = '', point = ''] = argv.slice(2);
const directory = await openDirectory({
  database: location.startsWith('postgres') ? { url: new Secret(location) } : { folder: location },
  port: 0,
  authenticator: namesAsTokens,
  env,
  engine: {
    retryBaseMs: 5,
    pause: (at) => {
      if (at !== point) return undefined;
      kill(pid, 'SIGKILL');
      // Nothing after the kill may run, however long the signal takes.
      return new Promise<void>(() => undefined);
    },
  },
});
await directory.start();
console.log(JSON.stringify({ url: directory.url }));
