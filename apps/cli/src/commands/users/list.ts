import type { User } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { printTable, stateWord } from '../../terminal/index.ts';
import { type Flags, given, organizationOf, readPages } from '../shared.ts';

/** `drawbridge users list` */
export async function listUsers(context: Context, flags: Flags): Promise<void> {
  const { terminal } = context;
  const organization = organizationOf(flags, 'users list');
  const { email, q, role, limit } = flags as { email?: string; q?: string; role?: string; limit?: number };
  const { state, sort } = flags as {
    state?: User['state'];
    sort?: 'created' | 'name' | 'email' | '-changed';
  };
  const filter = given({ email, q, role, state, sort });
  await withDirectory(context, flags, async (directory) => {
    const { items, next } = await readPages(
      (page) => directory.call('GET /api/users', { query: { organization, ...filter, ...page } }),
      given({ limit }),
    );
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.users/v1', items, next });
      return;
    }
    printTable(
      terminal,
      [
        { title: 'EMAIL', value: (user) => user.email },
        {
          title: 'STATE',
          value: (user) => stateWord(user.state).text,
          colour: (user) => stateWord(user.state).colour,
        },
        { title: 'ROLE', value: (user) => user.memberships.map((one) => one.role).join(',') },
        { title: 'NAME', value: (user) => `${user.givenName} ${user.familyName}`.trim() },
        { title: 'USER', value: (user) => user.id },
      ],
      items,
    );
    if (items.length === 0 && Object.keys(filter).length > 0)
      terminal.note(`No users in ${organization} match.`);
    else if (items.length === 0)
      terminal.note(`No users in ${organization} yet.  drawbridge users create MAIL --org ${organization}`);
    else if (next !== null) terminal.note('There are more; a larger --limit shows them.');
  });
}
