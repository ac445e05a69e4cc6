import { DrawbridgeError } from '@drawbridge/kit';
import type { CallOptions, FoundApplication, FoundProject, Zitadel } from '@drawbridge/zitadel';
import type { Ledger } from '../ledger.ts';
import { keyOf, projectId } from '../names.ts';
import type { ZitadelWish } from '../wish/index.ts';
import { known } from './known.ts';
import type { ReadOptions } from './reading.ts';

const mostAttempts = 20;

/**
 * Finds each wished project: by the ledger, else by its own id, else by its name in the organization. The id is looked at in all
 * organizations, since Zitadel would let a second one take it.
 */
export async function findProjects(
  { projects }: Zitadel,
  wish: ZitadelWish,
  ledger: Ledger,
  organizationId: string,
  call: CallOptions,
): Promise<ReadonlyMap<string, FoundProject>> {
  const wished = Object.entries(wish.projects);
  if (wished.length === 0) return new Map();
  const listed = await projects.list({ organizationId }, call).all();
  const pairs = await Promise.all(
    wished.map(async ([name, { name: title }]) => {
      const entry = ledger.get(keyOf.project(name));
      const id = entry?.id ?? projectId(wish, name);
      const found =
        listed.find((one) => one.projectId === id) ??
        (await projects.find(id, call)) ??
        (entry ? undefined : listed.find((one) => one.name?.toLowerCase() === title.toLowerCase()));
      return [name, found] as const;
    }),
  );
  return new Map(pairs.flatMap(([name, found]) => (found ? [[name, found] as const] : [])));
}

/**
 * An id for a project that is to be made. One that was removed is not taken again: Zitadel would make the project, and refuse it
 * applications for ever.
 */
export async function freeProjectId({ events }: Zitadel, wanted: string, call: CallOptions): Promise<string> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const id = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    const filter = { aggregateId: id, aggregateTypes: ['project'], eventTypes: ['project.removed'] };
    let isSpent = false;
    for await (const _removal of events.list(filter, call)) isSpent = true;
    if (!isSpent) return id;
  }
  throw new DrawbridgeError('conflict', {
    message: `Projects with the id ${wanted} were made and removed too often.`,
    fix: 'Give the project another id in a file.',
  });
}

/** The applications of a project; those that the ledger knows are waited for. */
export async function findApplications(
  { applications }: Zitadel,
  project: string,
  id: string,
  ledger: Ledger,
  options: ReadOptions,
): Promise<readonly FoundApplication[]> {
  const prefix = keyOf.application(project, '');
  const ids = ledger.keys.filter((key) => key.startsWith(prefix)).flatMap((key) => ledger.get(key)?.id ?? []);
  return await known(
    () => applications.list({ projectId: id }, options.call).all(),
    (listed) => ids.every((one) => listed.some(({ applicationId }) => applicationId === one)),
    options,
  );
}
