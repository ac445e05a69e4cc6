import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { ask, confirm } from '../../terminal/index.ts';
import type { Flags } from '../shared.ts';

interface ChangeFlags {
  readonly reason?: string;
  readonly yes?: boolean;
}

/** `drawbridge admins add SUBJECT` */
export async function addAdministrator(context: Context, subject: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const { reason: said } = flags as ChangeFlags;
  await withDirectory(context, flags, async (directory) => {
    const reason = await ask(terminal, { flag: '--reason', given: said, text: 'A reason' }, signal);
    const administrator = await directory.call('PUT /api/site-administrators/{subject}', {
      params: { subject },
      body: { reason },
    });
    if (terminal.json) terminal.document({ schema: 'drawbridge.site-administrator/v1', administrator });
    else terminal.answer(`${subject}  site administrator${named(administrator.name)}`);
  });
}

/** `drawbridge admins remove SUBJECT` */
export async function removeAdministrator(context: Context, subject: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const { reason: said, yes = false } = flags as ChangeFlags;
  await withDirectory(context, flags, async (directory) => {
    const reason = await ask(terminal, { flag: '--reason', given: said, text: 'A reason' }, signal);
    const consequence = `${subject} can no longer act in all organizations, nor name site administrators.`;
    await confirm(terminal, { consequence, type: subject, yes }, signal);
    await directory.call('DELETE /api/site-administrators/{subject}', {
      params: { subject },
      body: { reason },
    });
    if (terminal.json) terminal.document({ schema: 'drawbridge.site-administrator-removed/v1', subject });
    else terminal.answer(`${subject}  no site administrator any more`);
  });
}

function named(name: string | null): string {
  return name === null ? '' : `  ${name}`;
}
