import { DrawbridgeError } from '@drawbridge/kit';
import type { Directory, Run, User } from '../client/index.ts';
import type { Context } from '../context.ts';
import { followRun, isOver } from '../follow-run.ts';

export type Flags = Readonly<Record<string, unknown>>;

/** The organization that `--org` names. @throws {DrawbridgeError} `usage` */
export function organizationOf({ org }: Flags, command: string): string {
  if (typeof org === 'string') return org;
  throw new DrawbridgeError('usage', {
    message: `drawbridge ${command} needs --org <organization>.`,
    fix: 'In dev it is demo.',
  });
}

/** A user by id, or by address within `--org`. @throws {DrawbridgeError} `not_found` */
export async function findUser(
  directory: Directory,
  idOrMail: string,
  flags: Flags,
  command: string,
): Promise<User> {
  if (!idOrMail.includes('@'))
    return await directory.call('GET /api/users/{id}', { params: { id: idOrMail } });
  const organization = organizationOf(flags, `${command} MAIL`);
  const query = { organization, email: idOrMail, limit: 1 };
  const [user] = (await directory.call('GET /api/users', { query })).items;
  if (user) return user;
  throw new DrawbridgeError('not_found', {
    message: `No user ${idOrMail} in ${organization}.`,
    fix: `drawbridge users list --org ${organization}`,
  });
}

/** Waits for a run unless `--no-wait`. A run that stops fails the command. */
export async function carriedOut(
  context: Context,
  directory: Directory,
  started: Run,
  { wait = true }: { readonly wait?: boolean },
): Promise<Run> {
  return wait ? await followRun(context, directory, started) : started;
}

/** @throws {DrawbridgeError} `run_stopped` where a run that was waited for did not end well */
export function requireDone(run: Run): void {
  if (!isOver(run) || run.state === 'done' || run.state === 'waiting') return;
  throw new DrawbridgeError('run_stopped', {
    message:
      run.state === 'attention'
        ? 'The run needs attention.'
        : `The run ${run.state === 'quarantined' ? 'is quarantined' : `was ${run.state}`}.`,
    ...(run.reason ? { why: run.code ? `${run.reason} (${run.code})` : run.reason } : {}),
    fix: `drawbridge runs show ${run.id}`,
  });
}

/** Reads pages until there are enough, or no more. */
export async function readPages<T>(
  page: (query: { readonly limit: number; readonly after?: string }) => Promise<{
    readonly items: readonly T[];
    readonly next: string | null;
  }>,
  {
    limit = Number.POSITIVE_INFINITY,
    most = 1_000,
  }: { readonly limit?: number; readonly most?: number } = {},
): Promise<{ readonly items: readonly T[]; readonly next: string | null }> {
  const items: T[] = [];
  let next: string | null = null;
  do {
    const asked = { limit: Math.min(limit - items.length, most), ...(next === null ? {} : { after: next }) };
    const found = await page(asked);
    items.push(...found.items);
    next = found.next;
  } while (next !== null && items.length < limit);
  return { items, next };
}

/** The parts of an object that are there: undefined keys are left out, as the API wants it. */
export function given<T extends Readonly<Record<string, unknown>>>(
  parts: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
