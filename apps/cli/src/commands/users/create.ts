import { newId } from '@drawbridge/kit';
import type { User } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { stateWord } from '../../terminal/index.ts';
import { carriedOut, type Flags, organizationOf, requireDone } from '../shared.ts';

/** `drawbridge users create MAIL` */
export async function createUser(context: Context, email: string, flags: Flags): Promise<void> {
  const organization = organizationOf(flags, 'users create');
  const { role, name, wait, idempotencyKey } = flags as {
    role: string;
    name?: string;
    wait: boolean;
    idempotencyKey?: string;
  };
  const body = { organization, email, ...splitName(name ?? nameFromMail(email)), role };
  const headers = { 'idempotency-key': idempotencyKey ?? newId() };
  await withDirectory(context, flags, async (directory) => {
    const created = await directory.call('POST /api/users', { body, headers });
    const run = await carriedOut(context, directory, created.run, { wait });
    const { id } = created.user;
    const user = wait ? await directory.call('GET /api/users/{id}', { params: { id } }) : created.user;
    if (context.terminal.json) context.terminal.document({ schema: 'drawbridge.user-created/v1', user, run });
    else if (run.state === 'done' || run.state === 'waiting' || !wait) {
      context.terminal.answer(`${user.email}  ${standing(user)}  user ${user.id}  run ${run.id}`);
    }
    if (wait) requireDone(run);
  });
}

/** What is true of a user now. Who waits for the first sign-in is active: the line of that step says the rest. */
export function standing(user: User): string {
  if (user.zitadelUserId === null) return 'provisioning';
  return stateWord(user.state === 'waiting' ? 'active' : user.state).text;
}

/** `ada.okafor@…` gives `Ada Okafor`. */
function nameFromMail(email: string): string {
  const words = (email.split('@')[0] ?? '').split(/[._+-]+/).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

/** Zitadel wants both names; somebody with a single one has it as both, as no other value would be true. */
export function splitName(name: string): { givenName: string; familyName: string } {
  const [first = '', ...rest] = name.trim().split(/\s+/);
  return { givenName: first, familyName: rest.join(' ') || first };
}
