import type { Organization } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { moment, printTable, showState, stateWord, thousands } from '../../terminal/index.ts';
import { type Flags, readPages } from '../shared.ts';

/** How an organization stands to its counterpart in Zitadel. */
export function mappingOf({
  zitadelOrgId,
  projectGrant,
}: Pick<Organization, 'zitadelOrgId' | 'projectGrant'>) {
  if (zitadelOrgId === null) return 'unmapped';
  return projectGrant ? 'mapped' : 'drifted';
}

/** `drawbridge orgs list` */
export async function listOrganizations(context: Context, flags: Flags): Promise<void> {
  const { terminal } = context;
  await withDirectory(context, flags, async (directory) => {
    const { items } = await directory.call('GET /api/organizations', {});
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.organizations/v1', items, next: null });
      return;
    }
    printTable(
      terminal,
      [
        { title: 'SLUG', value: (one) => one.slug },
        { title: 'NAME', value: (one) => one.name },
        {
          title: 'STATE',
          value: (one) => stateWord(mappingOf(one)).text,
          colour: (one) => stateWord(mappingOf(one)).colour,
        },
        { title: 'ZITADEL', value: (one) => one.zitadelOrgId ?? '–' },
        { title: 'NETBIRD', value: (one) => one.netbirdGroups.join(',') || '–' },
        { title: 'ORGANIZATION', value: (one) => one.id },
      ],
      items,
    );
    if (items.length === 0) terminal.note('No organizations yet.  drawbridge orgs create SLUG --name NAME');
  });
}

/** `drawbridge orgs show ID|SLUG` */
export async function showOrganization(context: Context, idOrSlug: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  await withDirectory(context, flags, async (directory) => {
    const found = await directory.call('GET /api/organizations/{id}', { params: { id: idOrSlug } });
    const users = await directory.call('GET /api/users', {
      query: { organization: found.id, limit: 1, count: true },
    });
    if (terminal.json) {
      terminal.document({
        schema: 'drawbridge.organization/v1',
        organization: found,
        users: users.total ?? null,
      });
      return;
    }
    terminal.answer(`${found.name}   ${found.slug}   organization ${found.id}`);
    const by =
      found.mappedAt === null
        ? ''
        : ` since ${moment(found.mappedAt, context.flags)}${found.mappedBy ? `, by ${found.mappedBy}` : ''}`;
    const groups = Object.entries(found.netbirdRoleGroups).map(
      ([role, names]) => `${role}: ${names.join(', ')}`,
    );
    const rows: [string, string][] = [
      ['state', `${showState(mappingOf(found), terminal.answerStyle)}${by}`],
      ['zitadel', found.zitadelOrgId ?? 'none; sign-in is closed'],
      ['grant', found.projectGrant ? 'the application project is granted' : 'not granted yet'],
      ['users', thousands(users.total ?? 0)],
      ['sign-in', found.signIn],
      ['netbird', [...found.netbirdGroups, ...groups].join('; ') || '–'],
    ];
    for (const [label, text] of rows) terminal.answer(`  ${label.padEnd(8)} ${text}`);
  });
}

/** `drawbridge orgs available`: what Zitadel has. */
export async function availableOrganizations(context: Context, flags: Flags): Promise<void> {
  const { terminal } = context;
  const { q } = flags as { q?: string };
  await withDirectory(context, flags, async (directory) => {
    const { items, next } = await readPages(({ limit, after }) =>
      directory.call('GET /api/zitadel/organizations', {
        query: {
          limit,
          ...(q === undefined ? {} : { q }),
          ...(after === undefined ? {} : { after: Number(after) }),
        },
      }),
    );
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.zitadel-organizations/v1', items, next });
      return;
    }
    printTable(
      terminal,
      [
        { title: 'ZITADEL', value: (one) => one.id },
        { title: 'NAME', value: (one) => one.name },
        { title: 'STATE', value: (one) => one.state, colour: (one) => stateWord(one.state).colour },
        { title: 'MAPPED TO', value: (one) => one.mappedTo?.slug ?? '–' },
        { title: 'DOMAIN', value: (one) => one.primaryDomain ?? '–' },
      ],
      items,
    );
    if (items.length === 0) terminal.note('Zitadel shows none of that name.');
  });
}
