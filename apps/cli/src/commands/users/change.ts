import { DrawbridgeError } from '@drawbridge/kit';
import type { Run, User } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { ask, confirm } from '../../terminal/index.ts';
import { carriedOut, type Flags, findUser, given, requireDone } from '../shared.ts';
import { splitName, standing } from './create.ts';

interface Started {
  readonly run: Run;
  readonly user?: User;
}

/** `drawbridge users change ID|MAIL` */
export async function changeUser(context: Context, idOrMail: string, flags: Flags): Promise<void> {
  const { name, role, reason } = flags as { name?: string; role?: string; reason?: string };
  if (name === undefined && role === undefined)
    throw new DrawbridgeError('usage', { message: 'drawbridge users change needs --name or --role.' });
  const body = { ...(name === undefined ? {} : splitName(name)), ...given({ role, reason }) };
  await about(context, idOrMail, flags, 'users change', (directory, { id }) =>
    directory.call('PATCH /api/users/{id}', { params: { id }, body }),
  );
}

/** `drawbridge users deactivate ID|MAIL` */
export async function deactivateUser(context: Context, idOrMail: string, flags: Flags): Promise<void> {
  const { reason, yes = false } = flags as { reason?: string; yes?: boolean };
  await about(context, idOrMail, flags, 'users deactivate', async (directory, { id, email }) => {
    const consequence = `${email} can no longer sign in; their sessions end and their devices are blocked.`;
    await confirm(context.terminal, { consequence, type: email, yes }, context.signal);
    const asked = { params: { id }, body: given({ reason }) };
    return await directory.call('POST /api/zitadel/users/{id}/deactivate', asked);
  });
}

/** `drawbridge users activate ID|MAIL` */
export async function activateUser(context: Context, idOrMail: string, flags: Flags): Promise<void> {
  const { reason } = flags as { reason?: string };
  await about(context, idOrMail, flags, 'users activate', (directory, { id }) =>
    directory.call('POST /api/zitadel/users/{id}/activate', { params: { id }, body: given({ reason }) }),
  );
}

/** `drawbridge users invite ID|MAIL` */
export async function inviteUser(context: Context, idOrMail: string, flags: Flags): Promise<void> {
  await about(context, idOrMail, flags, 'users invite', (directory, { id }) =>
    directory.call('POST /api/users/{id}/invitation', { params: { id } }),
  );
}

/** `drawbridge users delete ID|MAIL` */
export async function deleteUser(context: Context, idOrMail: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const {
    reason: said,
    yes = false,
    erase = false,
  } = flags as { reason?: string; yes?: boolean; erase?: boolean };
  const named = erase ? 'users delete --erase' : 'users delete';
  await about(context, idOrMail, flags, named, async (directory, { id, email }) => {
    const consequence = erase
      ? `${email} is deleted here, in NetBird and in Zitadel, and their name leaves runs, events and audit. This cannot be undone.`
      : `${email} is deleted here, in NetBird and in Zitadel. This cannot be undone.`;
    const reason = await ask(terminal, { flag: '--reason', given: said, text: 'A reason' }, signal);
    await confirm(terminal, { consequence, type: email, yes }, signal);
    const params = { id };
    return erase
      ? await directory.call('POST /api/users/{id}/erasure', { params, body: { email, reason } })
      : await directory.call('DELETE /api/users/{id}', { params, body: { reason } });
  });
}

/** Starts a run about a user, watches it unless told otherwise, and says what is true then. */
async function about(
  context: Context,
  idOrMail: string,
  flags: Flags,
  command: string,
  start: (directory: Parameters<typeof findUser>[0], user: User) => Promise<Started>,
): Promise<void> {
  const { terminal } = context;
  const { wait } = flags as { wait: boolean };
  await withDirectory(context, flags, async (directory) => {
    const before = await findUser(directory, idOrMail, flags, command);
    const started = await start(directory, before);
    const run = await carriedOut(context, directory, started.run, { wait });
    const gone = started.user === undefined;
    const { id } = before;
    const user = gone || !wait ? undefined : await directory.call('GET /api/users/{id}', { params: { id } });
    const shown = user ?? started.user;
    if (terminal.json) terminal.document({ schema: 'drawbridge.user-changed/v1', user: shown ?? null, run });
    else if (!wait) terminal.answer(`${before.email}  started  user ${id}  run ${run.id}`);
    else if (run.state === 'done' || run.state === 'waiting')
      terminal.answer(`${before.email}  ${shown ? standing(shown) : 'deleted'}  user ${id}  run ${run.id}`);
    if (wait) requireDone(run);
  });
}
