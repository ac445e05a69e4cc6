import { type Clock, DrawbridgeError, systemClock } from '@drawbridge/kit';
import type { CallOptions, TokenLifetimes, Zitadel } from '@drawbridge/zitadel';
import type { CredentialFolder } from '../credential-folder.ts';
import { type Ledger, openLedger } from '../ledger.ts';
import type { ZitadelWish } from '../wish/index.ts';
import { planAccount, requireDistinct } from './accounts.ts';
import { planLeftovers } from './leftovers.ts';
import { planLifetimes } from './lifetimes.ts';
import type { ForeignObject, Planning, Present, SetupChange } from './planning.ts';
import { planProject } from './projects.ts';
import { homeOf, readPresent } from './reading.ts';
import { planSigningKeys } from './signing-keys.ts';
import { planTarget } from './targets.ts';

/** How to set up. */
export interface ZitadelSetupOptions {
  /** Signed in as an owner of the instance. */
  readonly zitadel: Zitadel;
  readonly wish: ZitadelWish;
  /** Where keys and secrets go, and are looked for. */
  readonly credentials: CredentialFolder;
  /** Takes over what has the name of a wished object and was made by others. Default false. */
  readonly adopt?: boolean;
  /** Removes what an earlier run made and is no longer wished. Default false. */
  readonly prune?: boolean;
  /** Names of accounts and applications that get a new key or secret, or all of them. Default none. */
  readonly rotate?: readonly string[] | 'all';
  readonly clock?: Clock;
  readonly call?: CallOptions;
}

/** What differs between a Zitadel and a wish. */
export interface ZitadelSetupPlan {
  /** In the order in which they have to be made; none says that all is well. */
  readonly changes: readonly SetupChange[];
  /** What is in the way. It is left alone. */
  readonly foreign: readonly ForeignObject[];
  /** What a person should know and nothing is done about. */
  readonly notes: readonly string[];
  /** What is there, or has an id already. */
  readonly present: Present;
  /** Organization that owns the projects and accounts. */
  readonly organizationId: string;
  readonly ledger: Ledger;
  /** How long tokens live once the changes are made. */
  readonly lifetimes: TokenLifetimes;
}

/**
 * Compares a wish with what there is. Nothing is changed.
 *
 * @throws {DrawbridgeError} `zitadel_forbidden` where the account is no owner of the instance, `invalid_settings`
 */
export async function planZitadelSetup(options: ZitadelSetupOptions): Promise<ZitadelSetupPlan> {
  const { zitadel, wish, credentials, clock = systemClock, call = {} } = options;
  requireDistinct(wish.owner, wish.accounts);
  const rotate = options.rotate ?? [];
  if (rotate !== 'all') requireHolders(wish, rotate);
  const organizationId = await homeOf(zitadel, wish, call);
  const ledger = await openLedger(zitadel, organizationId, wish.owner, call);
  const reading = await readPresent(zitadel, { wish, ledger, credentials }, organizationId, { clock, call });
  const planning: Planning = {
    wish,
    reading,
    ledger,
    credentials,
    rotate,
    adopt: options.adopt ?? false,
    prune: options.prune ?? false,
    now: new Date(clock.now()),
    changes: [],
    foreign: [],
    notes: [],
    present: { projects: new Map(), applications: new Map(), accounts: new Map(), targets: new Map() },
  };
  for (const [name, project] of Object.entries(wish.projects)) planProject(planning, name, project);
  for (const [name, account] of Object.entries(wish.accounts)) planAccount(planning, name, account);
  for (const [name, target] of Object.entries(wish.targets)) planTarget(planning, name, target);
  planSigningKeys(planning);
  const lifetimes = planLifetimes(planning);
  planLeftovers(planning);
  const { changes, foreign, notes, present } = planning;
  return { changes, foreign, notes, present, organizationId, ledger, lifetimes };
}

function requireHolders({ accounts, projects }: ZitadelWish, names: readonly string[]): void {
  const holders = new Set([
    ...Object.keys(accounts),
    ...Object.values(projects).flatMap(({ applications }) => Object.keys(applications)),
  ]);
  const unknown = names.find((name) => !holders.has(name));
  if (unknown === undefined) return;
  throw new DrawbridgeError('invalid_settings', {
    message: `There is no ${unknown} whose key could be replaced.`,
    fix: `Name one of: ${[...holders].join(', ')}.`,
  });
}
