import type { Sessions } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { confirm, moment, printTable } from '../../terminal/index.ts';
import { type Flags, findUser } from '../shared.ts';

/** `drawbridge users sessions ID|MAIL`: lists where somebody is signed in; with `--end` ends one session, or all. */
export async function userSessions(context: Context, idOrMail: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const { end, yes = false } = flags as { end?: string; yes?: boolean };
  await withDirectory(context, flags, async (directory) => {
    const { id, email } = await findUser(directory, idOrMail, flags, 'users sessions');
    if (end === undefined) {
      const sessions = await directory.call('GET /api/users/{id}/sessions', { params: { id } });
      if (terminal.json) terminal.document({ schema: 'drawbridge.sessions/v1', ...sessions });
      else show(context, sessions, email);
      return;
    }
    const which = end === 'all' ? 'All sessions' : `Session ${end}`;
    const consequence = `${which} of ${email} end${end === 'all' ? '' : 's'}; a refresh token may outlive it until the user is deactivated.`;
    await confirm(terminal, { consequence, type: email, yes }, signal);
    const answer =
      end === 'all'
        ? await directory.call('DELETE /api/users/{id}/sessions', { params: { id } })
        : await directory.call('DELETE /api/users/{id}/sessions/{sessionId}', {
            params: { id, sessionId: end },
          });
    if (terminal.json) terminal.document({ schema: 'drawbridge.sessions-ended/v1', ...(answer as object) });
    else terminal.answer(`${email}  ${end === 'all' ? 'all sessions' : `session ${end}`} ended`);
  });
}

function show({ terminal, flags }: Context, { items }: Sessions, email: string): void {
  const time = (iso: string | null) => (iso === null ? '–' : moment(iso, flags));
  printTable(
    terminal,
    [
      { title: 'SESSION', value: (session) => session.id },
      { title: 'STARTED', value: (session) => time(session.createdAt) },
      { title: 'LAST SEEN', value: (session) => time(session.lastSeenAt) },
      { title: 'BY', value: (session) => session.factors.join(',') || '–' },
      { title: 'PLACE', value: (session) => session.ip ?? '–' },
      { title: 'DEVICE', value: (session) => session.userAgent ?? 'unknown device' },
    ],
    items,
  );
  if (items.length === 0) terminal.note(`${email} is signed in nowhere.`);
}
