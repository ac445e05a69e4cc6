import type { Directory, NetbirdPlace, User, ZitadelPlace } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { moment, showState, stateWord, type Terminal } from '../../terminal/index.ts';
import { type Flags, findUser } from '../shared.ts';

/** `drawbridge users show ID|MAIL` */
export async function showUser(context: Context, idOrMail: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  await withDirectory(context, flags, async (directory) => {
    const user = await findUser(directory, idOrMail, flags, 'users show');
    const places = await directory.call('GET /api/users/{id}/places', { params: { id: user.id } });
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.user/v1', user, places });
      return;
    }
    const names = await slugs(directory);
    const roles = user.memberships.map(
      ({ role, organizationId, home }) =>
        `${role} in ${names.get(organizationId) ?? organizationId}${home ? ' (home)' : ''}`,
    );
    terminal.answer(`${user.givenName} ${user.familyName}   ${user.email}   user ${user.id}`);
    const rows: [string, string][] = [
      ['state', `${showState(user.state, terminal.answerStyle)}${causeOf(user, context)}`],
      ['roles', roles.join(', ')],
      ['permissions', user.permissions.join(', ') || 'none yet'],
      ['zitadel', placeOf(terminal, places.zitadel, user.zitadelUserId)],
      ['netbird', placeOf(terminal, places.netbird, user.netbirdUserId)],
      ['created', moment(user.createdAt, context.flags)],
      ...(user.lastRun
        ? [
            ['last run', `${user.lastRun.id}  ${stateWord(user.lastRun.state).text}`] satisfies [
              string,
              string,
            ],
          ]
        : []),
    ];
    for (const [label, text] of rows) terminal.answer(`  ${label.padEnd(12)} ${text}`);
  });
}

/** Why a user is as they are, since when, and by whom. */
function causeOf({ stateChangedAt, stateChangedBy, stateReason }: User, { flags }: Context): string {
  if (stateChangedAt === null) return '';
  const by = stateChangedBy === null ? '' : `, by ${stateChangedBy}`;
  return ` since ${moment(stateChangedAt, flags)}${by}${stateReason === null ? '' : `: ${stateReason}`}`;
}

/** A place that does not answer is not one where the user is not. */
function placeOf(terminal: Terminal, place: ZitadelPlace | NetbirdPlace, id: string | null): string {
  if (!place.ok) return `${showState('unknown', terminal.answerStyle)}  ${place.message} (${place.code})`;
  const state = showState(String(place.state), terminal.answerStyle);
  const roles = 'roles' in place ? place.roles : place.role === null ? [] : [place.role];
  const groups = 'groups' in place && place.groups.length > 0 ? [`groups ${place.groups.join(', ')}`] : [];
  return [
    state,
    ...(id === null ? [] : [id]),
    ...(roles.length === 0 ? [] : [roles.join(', ')]),
    ...groups,
  ].join('  ');
}

async function slugs(directory: Directory): Promise<ReadonlyMap<string, string>> {
  const { items } = await directory.call('GET /api/organizations', {});
  return new Map(items.map(({ id, slug }) => [id, slug]));
}
