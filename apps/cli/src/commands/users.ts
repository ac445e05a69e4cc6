import { DrawbridgeError, newId } from '@drawbridge/kit';
import type { User } from '../client/index.ts';
import { withDirectory } from '../connection.ts';
import type { Context } from '../context.ts';
import { followRun } from '../follow-run.ts';
import { printTable } from '../terminal/index.ts';

type Flags = Readonly<Record<string, unknown>>;

/** `drawbridge users create MAIL` */
export async function createUser(context: Context, email: string, flags: Flags): Promise<void> {
  const organization = requireOrganization(flags, 'create');
  const { role, name, wait, idempotencyKey } = flags as {
    role: string;
    name?: string;
    wait: boolean;
    idempotencyKey?: string;
  };
  const { givenName, familyName } = splitName(name ?? nameFromMail(email));
  const key = idempotencyKey ?? newId();
  await withDirectory(context, flags, async (client) => {
    const created = await client.createUser({ organization, email, givenName, familyName, role }, key);
    const run = wait ? await followRun(context, client, created.run) : created.run;
    const user = wait ? await client.getUser(created.user.id) : created.user;
    if (context.terminal.json) {
      context.terminal.document({ schema: 'drawbridge.user-created/v1', user, run });
    } else if (run.state === 'done' || run.state === 'waiting' || !wait) {
      context.terminal.answer(`${user.email}  ${stateOf(user)}  user ${user.id}  run ${run.id}`);
    }
    if (wait && run.state !== 'done' && run.state !== 'waiting') throw stopped(run.reason, run.id, run.state);
  });
}

/** `drawbridge users list` */
export async function listUsers(context: Context, flags: Flags): Promise<void> {
  const organization = requireOrganization(flags, 'list');
  const { email, limit } = flags as { email?: string; limit?: number };
  await withDirectory(context, flags, async (client) => {
    const users: User[] = [];
    let after: string | undefined;
    do {
      const page = await client.listUsers({
        organization,
        limit: Math.min(limit ?? 1_000, 1_000),
        ...(email === undefined ? {} : { email }),
        ...(after === undefined ? {} : { after }),
      });
      users.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined && (limit === undefined || users.length < limit));
    const shown = limit === undefined ? users : users.slice(0, limit);
    const next = after ?? (shown.length < users.length ? shown.at(-1)?.id : undefined) ?? null;
    if (context.terminal.json) {
      context.terminal.document({ schema: 'drawbridge.users/v1', items: shown, next });
      return;
    }
    printTable(
      context.terminal,
      [
        { title: 'EMAIL', value: (user) => user.email },
        { title: 'STATE', value: stateOf },
        { title: 'ROLE', value: (user) => user.memberships.map(({ role }) => role).join(',') },
        { title: 'NAME', value: (user) => `${user.givenName} ${user.familyName}`.trim() },
        { title: 'USER', value: (user) => user.id },
      ],
      shown,
    );
    if (shown.length === 0) {
      context.terminal.note(
        `No users in ${organization} yet.  drawbridge users create MAIL --org ${organization}`,
      );
    } else if (next !== null) context.terminal.note('There are more; a larger --limit shows them.');
  });
}

/** `drawbridge users show ID|MAIL` */
export async function showUser(context: Context, idOrMail: string, flags: Flags): Promise<void> {
  await withDirectory(context, flags, async (client) => {
    let user: User | undefined;
    if (idOrMail.includes('@')) {
      const organization = requireOrganization(flags, 'show MAIL');
      user = (await client.listUsers({ organization, email: idOrMail, limit: 1 })).items[0];
      if (!user)
        throw new DrawbridgeError('not_found', { message: `No user ${idOrMail} in ${organization}.` });
    } else user = await client.getUser(idOrMail);
    if (context.terminal.json) {
      context.terminal.document({ schema: 'drawbridge.user/v1', user });
      return;
    }
    const { terminal } = context;
    terminal.answer(`${user.givenName} ${user.familyName}   ${user.email}   user ${user.id}`);
    terminal.answer(`  state        ${stateOf(user)}`);
    terminal.answer(`  zitadel      ${user.zitadelUserId ?? 'not there yet'}`);
    terminal.answer(
      `  roles        ${user.memberships.map(({ role, home }) => (home ? `${role} (home)` : role)).join(', ')}`,
    );
    terminal.answer(`  permissions  ${user.permissions.join(', ') || 'none yet'}`);
    terminal.answer(`  created      ${user.createdAt}`);
  });
}

function requireOrganization(flags: Flags, command: string): string {
  if (typeof flags.org === 'string') return flags.org;
  throw new DrawbridgeError('usage', {
    message: `drawbridge users ${command} needs --org <organization>.`,
    fix: 'In dev it is demo.',
  });
}

function stateOf(user: User): string {
  if (user.zitadelUserId === null) return 'provisioning';
  return user.active ? 'active' : 'inactive';
}

/** `ada.okafor@…` gives `Ada Okafor`. */
function nameFromMail(email: string): string {
  const words = (email.split('@')[0] ?? '').split(/[._+-]+/).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

/** Zitadel wants both names; somebody with a single one has it as both, as no other value would be true. */
function splitName(name: string): { givenName: string; familyName: string } {
  const [first = '', ...rest] = name.trim().split(/\s+/);
  return { givenName: first, familyName: rest.join(' ') || first };
}

function stopped(reason: string | null, runId: string, state: string): DrawbridgeError {
  return new DrawbridgeError('run_stopped', {
    message: `The run ${state === 'quarantined' ? 'is quarantined' : `ended as: ${state}`}.`,
    ...(reason ? { why: reason } : {}),
    fix: `drawbridge runs show ${runId}`,
  });
}
