/** A process of its own that reads a value from OpenBao as the person of this machine: many are started by a test at once. */
import { createConfigManager, defineConfig, type StandardSchemaV1 } from '@drawbridge/config';
import { createOpenbaoSession, openbaoSource } from '@drawbridge/config/openbao';
import { DrawbridgeError } from '@drawbridge/kit/core';

interface Task {
  readonly issuer: string;
  readonly clientId: string;
  readonly url: string;
  readonly folder: string;
}

const task = JSON.parse(process.argv[2] ?? '') as Task;
const anything: StandardSchemaV1 = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) },
};
const session = createOpenbaoSession({
  url: task.url,
  folder: `${task.folder}/tokens`,
  as: {
    kind: 'person',
    session: async () => {
      const [{ createHttpClient }, { createSignIn, createUserSession, openSessionStore }] = await Promise.all(
        [import('@drawbridge/kit'), import('@drawbridge/zitadel')],
      );
      const store = await openSessionStore({ folder: `${task.folder}/sessions`, keyring: false });
      return createUserSession({ signIn: createSignIn({ ...task, http: createHttpClient() }), store });
    },
    request: {
      // There is nobody to ask: no terminal, as under a pipe or in a job.
      terminal: process.stderr.isTTY,
      interactive: (how) =>
        how.byDevice({ prompt: ({ userCode }) => process.stdout.write(`asked ${userCode}\n`) }),
    },
  },
});
const source = openbaoSource({
  session,
  app: 'harmony',
  environment: 'dev',
  cacheFolder: `${task.folder}/cache`,
});
const config = createConfigManager({ sources: [source] });
try {
  const { greeting } = (await config.get(defineConfig('greeting', anything))) as { greeting: string };
  process.stdout.write(`${greeting}\n`);
} catch (caught) {
  const error = DrawbridgeError.from(caught);
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = error.info.exit;
}
await config.close();
await session.close();
