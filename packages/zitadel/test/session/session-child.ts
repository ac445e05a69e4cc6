/** A process of its own that needs the session: started by the end-to-end tests, which may kill it. */
import { createHash } from 'node:crypto';
import { createHttpClient, DrawbridgeError } from '@drawbridge/kit';
import { createSignIn, createUserSession, openSessionStore, type PausePoint } from '../../src/index.ts';

interface Task {
  readonly issuer: string;
  readonly clientId: string;
  readonly folder: string;
  /** Whether it asks for a sign-in. */
  readonly ask?: boolean;
  /** Where it stops for good. */
  readonly stopAt?: PausePoint;
}

const task = JSON.parse(process.argv[2] ?? '') as Task;
const tell = (line: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(line)}\n`);
const http = createHttpClient();
const session = createUserSession({
  signIn: createSignIn({ ...task, http }),
  store: await openSessionStore({ folder: task.folder, keyring: false }),
  pause: async (point) => {
    if (point !== task.stopAt) return;
    tell({ stoppedAt: point });
    await new Promise((resolve) => setTimeout(resolve, 600_000)); // until it is killed
  },
});
try {
  const { subject, accessToken } = await session.get({
    terminal: true,
    ...(task.ask
      ? { interactive: (how) => how.byDevice({ prompt: ({ userCode }) => tell({ userCode }) }) }
      : {}),
    onWaiting: () => tell({ waiting: true }),
  });
  tell({ subject, access: createHash('sha256').update(accessToken.expose()).digest('hex') });
} catch (error) {
  tell({ code: DrawbridgeError.from(error).code });
}
await http.close();
