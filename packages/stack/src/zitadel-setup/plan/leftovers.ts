import { DrawbridgeError } from '@drawbridge/kit';
import { readOwner, sameOwner } from '@drawbridge/zitadel';
import { keyOf, targetName } from '../names.ts';
import type { ZitadelWish } from '../wish/index.ts';
import { isListed } from './applications.ts';
import type { Planning, Run, SetupChange, Standing } from './planning.ts';
import { register } from './targets.ts';

/** In this order, so that nothing is removed that something else stands in. */
const order = ['target', 'credential', 'application', 'account', 'grant', 'role', 'project'] as const;
type Kind = (typeof order)[number];

/** What we made and nobody wishes any more: it is told, and removed where that was asked for. */
export function planLeftovers(planning: Planning): void {
  const { ledger, wish, prune, changes, notes } = planning;
  const wished = new Set(wishedKeys(wish));
  const leftovers = ledger.keys
    .filter((key) => !wished.has(key))
    .map((key) => ({ key, kind: kindOf(key) }))
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const own = leftovers.filter(({ key }) => ledger.get(key)?.adopted !== true).map(({ key }) => key);
  /** What goes with what it belongs to. */
  const goesAlong = ({ key, kind }: { readonly key: string; readonly kind: Kind }): boolean => {
    if (kind === 'credential') return own.includes(key.slice('credential/'.length));
    return (kind === 'role' || kind === 'grant') && own.includes(keyOf.project(key.split('/')[1] ?? ''));
  };
  const due = leftovers.filter((one) => !goesAlong(one));
  const shown = due.map(({ key }) => titleOf(key));
  if (!prune) {
    if (shown.length > 0)
      notes.push(`No longer wished and still there: ${shown.join(', ')}. --prune removes what we made.`);
    return;
  }
  for (const { key, kind } of due) {
    const along = leftovers.filter((one) => goesAlong(one) && belongsTo(one.key, key)).map((one) => one.key);
    const { id, adopted = false } = ledger.get(key) ?? {};
    const change: SetupChange = {
      // What was taken over is not ours to remove.
      action: adopted ? 'release' : 'remove',
      title: titleOf(key),
      fields: kind === 'project' && !adopted ? [{ field: 'with it', to: 'all authorizations in it' }] : [],
      async make(run) {
        if (id !== undefined && !adopted && (await isStillOurs(run, key, id, planning)))
          await removals[kind](run, key, id, planning);
        await run.ledger.write(Object.fromEntries([key, ...along].map((one) => [one, undefined])), run.call);
      },
    };
    changes.push(change);
  }
}

/** Whether something is a credential, role or grant of what another key names. */
function belongsTo(key: string, holder: string): boolean {
  if (key.startsWith('credential/')) return key === keyOf.credential(holder);
  return holder === keyOf.project(key.split('/')[1] ?? '');
}

/**
 * Looks at what is about to be removed: whoever may write the metadata of one organization could have written any id into the ledger,
 * and an id may have been given to something else since.
 *
 * @returns false where it is gone already
 * @throws {DrawbridgeError} `conflict` where it is not what we made
 */
async function isStillOurs(run: Run, key: string, id: string, planning: Planning): Promise<boolean> {
  const standing = await standings[kindOf(key)](run, key, id, planning);
  if (standing !== 'foreign') return standing === 'ours';
  throw new DrawbridgeError('conflict', {
    message: `${titleOf(key)} is not removed: ${id} is not what we made.`,
    why: 'It does not bear our mark or name, or is of another organization.',
    fix: 'Look at it in Zitadel. If it is to go, remove it there; the next run then lets go of it.',
  });
}

type Look = (run: Run, key: string, id: string, planning: Planning) => Promise<Standing>;

async function standingOfProject({ zitadel, ledger, call }: Run, key: string, { reading }: Planning) {
  const found = await zitadel.projects.find(projectOf(ledger, key), call);
  if (!found) return 'absent';
  return found.organizationId === reading.organizationId ? 'ours' : 'foreign';
}

const standings: Readonly<Record<Kind, Look>> = {
  project: (run, key, _id, planning) => standingOfProject(run, key, planning),
  role: (run, key, _id, planning) => standingOfProject(run, key, planning),
  grant: (run, key, _id, planning) => standingOfProject(run, key, planning),
  async application(run, key, id, planning) {
    const standing = await standingOfProject(run, key, planning);
    if (standing !== 'ours') return standing;
    // To remove one that another project shows under this id would take that one away.
    return (await isListed(run, projectOf(run.ledger, key), id)) ? 'ours' : 'absent';
  },
  async account({ zitadel, call }, key, id, { wish }) {
    if (!(await zitadel.users.find(id, call))) return 'absent';
    const mark = { owner: wish.owner, tenant: 'site', ref: nameOf(key) };
    return sameOwner(readOwner(await zitadel.users.metadata(id, call)), mark) ? 'ours' : 'foreign';
  },
  async target({ zitadel, call }, key, id, { wish }) {
    const found = (await zitadel.actions.listTargets({}, call).all()).find((one) => one.id === id);
    // The list lags; to remove what is not there does no harm.
    return found === undefined || found.name === targetName(wish.owner, nameOf(key)) ? 'ours' : 'foreign';
  },
  // Its id is Zitadel's own choice, and it is taken from nobody but its holder.
  credential: async () => 'ours',
};

const removals: Readonly<
  Record<Kind, (run: Run, key: string, id: string, planning: Planning) => Promise<void>>
> = {
  async target(run, key, id, { reading }) {
    // Executions first: a run that ended half-way finds it again by its target.
    await register(run, key, id, reading.executions, { events: [], functions: [] });
    await run.zitadel.actions.removeTarget(id, run.call);
  },
  async credential({ zitadel, ledger, call }, key, id) {
    const holder = key.slice('credential/'.length);
    const holderId = ledger.get(holder)?.id;
    if (holderId === undefined || id === 'made') return;
    if (holder.startsWith('account/')) await zitadel.users.removeKey(holderId, id, call);
    else await zitadel.applications.removeKey(projectOf(ledger, holder), holderId, id, call);
  },
  async application({ zitadel, ledger, call }, key, id) {
    await zitadel.applications.remove(projectOf(ledger, key), id, call);
  },
  async account({ zitadel, call }, _key, id) {
    await zitadel.users.remove(id, call);
  },
  async grant({ zitadel, ledger, call }, key, id) {
    await zitadel.projects.removeGrant(
      { projectId: projectOf(ledger, key), grantedOrganizationId: id },
      call,
    );
  },
  async role({ zitadel, ledger, call }, key, id) {
    await zitadel.projects.removeRole(projectOf(ledger, key), id, call);
  },
  async project({ zitadel, call }, key, id) {
    const others = await zitadel.applications.list({ projectId: id }, call).all();
    if (others.length > 0) {
      throw new DrawbridgeError('conflict', {
        message: `${titleOf(key)} has applications that we did not make, and would take them along.`,
        saw: others.map(({ name }) => name).join(', '),
        fix: 'Remove them in Zitadel first, or wish for the project.',
      });
    }
    await zitadel.projects.remove(id, call);
  },
};

/** The id of the project that something stands in. */
function projectOf(ledger: Run['ledger'], key: string): string {
  return ledger.get(keyOf.project(key.split('/')[1] ?? ''))?.id ?? '';
}

function wishedKeys({ projects, accounts, targets }: ZitadelWish): readonly string[] {
  return [
    ...Object.entries(projects).flatMap(([project, { roles, grants, applications }]) => [
      keyOf.project(project),
      ...Object.keys(roles).map((role) => keyOf.role(project, role)),
      ...Object.keys(grants).map((id) => keyOf.grant(project, id)),
      ...Object.entries(applications).flatMap(([name, one]) => {
        const key = keyOf.application(project, name);
        const hasCredential = one.kind === 'api' || (one.kind === 'web' && one.secret);
        return hasCredential ? [key, keyOf.credential(key)] : [key];
      }),
    ]),
    ...Object.entries(accounts).flatMap(([name, { key }]) => {
      const account = keyOf.account(name);
      return key ? [account, keyOf.credential(account)] : [account];
    }),
    ...Object.keys(targets).map(keyOf.target),
  ];
}

/** The name of an account or a target. */
function nameOf(key: string): string {
  return key.split('/')[1] ?? '';
}

function kindOf(key: string): Kind {
  return order.find((kind) => key.startsWith(`${kind}/`)) ?? 'credential';
}

function titleOf(key: string): string {
  const [kind = '', ...rest] = key.split('/');
  if (kind === 'credential') return `credential of ${titleOf(rest.join('/'))}`;
  const [project, last] = rest;
  if (kind === 'role') return `role ${last} of ${project}`;
  return kind === 'grant' ? `grant of ${project} to ${last}` : `${kind} ${rest.join('/')}`;
}
