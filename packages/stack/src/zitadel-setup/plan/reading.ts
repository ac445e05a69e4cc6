import { type Clock, DrawbridgeError, type Secret } from '@drawbridge/kit';
import type {
  CallOptions,
  FoundAdministrator,
  FoundApplication,
  FoundAuthorization,
  FoundExecution,
  FoundGrant,
  FoundProject,
  FoundRole,
  FoundTarget,
  FoundUser,
  TokenLifetimes,
  Zitadel,
} from '@drawbridge/zitadel';
import { type CredentialFolder, signingKeysFile } from '../credential-folder.ts';
import type { Ledger } from '../ledger.ts';
import { accountId, keyOf, projectId, usernameOf } from '../names.ts';
import type { ZitadelWish } from '../wish/index.ts';
import { type ReadCredential, readCredentials } from './read-credentials.ts';
import { findApplications, findProjects, freeProjectId } from './read-projects.ts';
import { findTargets } from './read-targets.ts';

/** A project that was found, with what is in it. */
export interface ReadProject {
  readonly project: FoundProject;
  readonly roles: readonly FoundRole[];
  readonly grants: readonly FoundGrant[];
  readonly applications: readonly FoundApplication[];
}

/** What there is in Zitadel, of what the wish is about. */
export interface Reading {
  readonly organizationId: string;
  /** By the name in the wish. */
  readonly projects: ReadonlyMap<string, ReadProject>;
  /** Ids that absent projects can be made with, by the name in the wish. */
  readonly freeIds: ReadonlyMap<string, string>;
  /** Those with the ids or user names of wished accounts. */
  readonly users: readonly FoundUser[];
  readonly administrators: readonly FoundAdministrator[];
  readonly authorizations: readonly FoundAuthorization[];
  /** By the name in the wish. */
  readonly targets: ReadonlyMap<string, FoundTarget>;
  /** Kept as they are while changes are made, so that two targets of one plan can share one. */
  readonly executions: FoundExecution[];
  readonly lifetimes: TokenLifetimes | undefined;
  /** By the key of the account or application in the ledger. */
  readonly credentials: ReadonlyMap<string, ReadCredential>;
  /** The file with the signing keys of targets. */
  readonly signingKeys: Secret | undefined;
}

/** What to read for. */
export interface ReadFor {
  readonly wish: ZitadelWish;
  readonly ledger: Ledger;
  readonly credentials: CredentialFolder;
}

/** How to read. */
export interface ReadOptions {
  readonly clock: Clock;
  readonly call: CallOptions;
}

/**
 * Reads what the wish is about, in about a dozen calls. Lists of Zitadel lag behind what was written: what the ledger knows and a list
 * does not show is asked for again, for a few seconds.
 */
export async function readPresent(
  zitadel: Zitadel,
  { wish, ledger, credentials: folder }: ReadFor,
  organizationId: string,
  options: ReadOptions,
): Promise<Reading> {
  const { call } = options;
  const hasTargets =
    Object.keys(wish.targets).length > 0 || ledger.keys.some((key) => key.startsWith(keyOf.target('')));
  const [{ projects, freeIds }, users, targets, executions, lifetimes] = await Promise.all([
    readProjects(zitadel, wish, ledger, organizationId, options),
    readUsers(zitadel, wish, ledger, options),
    findTargets(zitadel, wish, ledger, options),
    hasTargets ? zitadel.actions.listExecutions({}, call).all() : [],
    zitadel.oidcSettings.get(call),
  ]);
  const userIds = users.map(({ userId }) => userId);
  const isAuthorized = Object.values(wish.accounts).some(
    ({ authorizations }) => Object.keys(authorizations).length > 0,
  );
  const [administrators, authorizations, credentials] = await Promise.all([
    userIds.length > 0 ? zitadel.administrators.list({ userIds }, call).all() : [],
    userIds.length > 0 && isAuthorized
      ? zitadel.authorizations.list({ filters: [{ inUserIds: { ids: userIds } }] }, call).all()
      : [],
    readCredentials(zitadel, { wish, ledger, credentials: folder }, { projects, users }, options),
  ]);
  return {
    organizationId,
    projects,
    freeIds,
    users,
    administrators,
    authorizations,
    targets,
    executions,
    lifetimes,
    credentials,
    signingKeys: await folder.read(signingKeysFile),
  };
}

async function readProjects(
  zitadel: Zitadel,
  wish: ZitadelWish,
  ledger: Ledger,
  organizationId: string,
  options: ReadOptions,
): Promise<Pick<Reading, 'projects' | 'freeIds'>> {
  const { call } = options;
  const found = await findProjects(zitadel, wish, ledger, organizationId, call);
  const absent = Object.keys(wish.projects).filter((name) => !found.has(name));
  const freeIds = await Promise.all(
    absent.map(async (name) => [name, await freeProjectId(zitadel, projectId(wish, name), call)] as const),
  );
  const read = await Promise.all(
    [...found].map(async ([name, project]) => {
      const id = project.projectId;
      const [roles, grants, applications] = await Promise.all([
        zitadel.projects.listRoles(id, {}, call).all(),
        zitadel.projects.listGrants({ projectId: id }, call).all(),
        findApplications(zitadel, name, id, ledger, options),
      ]);
      return [name, { project, roles, grants, applications }] as const;
    }),
  );
  return { projects: new Map(read), freeIds: new Map(freeIds) };
}

/** By id, which is asked for where the list lags; and by user name, which may be somebody else's. */
async function readUsers(
  { users }: Zitadel,
  { owner, accounts }: ZitadelWish,
  ledger: Ledger,
  { call }: ReadOptions,
): Promise<readonly FoundUser[]> {
  const wished = Object.entries(accounts);
  if (wished.length === 0) return [];
  const ids = wished.map(([name]) => ledger.get(keyOf.account(name))?.id ?? accountId(owner, name));
  const names = wished.map(([name, account]) => usernameOf(owner, name, account));
  const queries = [
    { inUserIdsQuery: { userIds: ids } },
    ...names.map((userName) => ({
      userNameQuery: { userName, method: 'TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE' as const },
    })),
  ];
  const listed = await users.list({ queries: [{ orQuery: { queries } }] }, call).all();
  const known = wished.flatMap(([name]) => ledger.get(keyOf.account(name))?.id ?? []);
  const missing = known.filter((id) => !listed.some(({ userId }) => userId === id));
  const late = await Promise.all(missing.map((id) => users.find(id, call)));
  return [...listed, ...late.filter((user) => user !== undefined)];
}

/** The organization that is to own it, and a look whether the account may do all of it. */
export async function homeOf(zitadel: Zitadel, wish: ZitadelWish, call: CallOptions): Promise<string> {
  const roles = await zitadel.administrators.own(call);
  const isOwner = roles.some((own) => 'instance' in own.resource && own.roles.includes('IAM_OWNER'));
  if (!isOwner) {
    throw new DrawbridgeError('zitadel_forbidden', {
      message: 'Setting up needs an account that is IAM_OWNER of the instance.',
      saw: roles.flatMap((own) => own.roles).join(', ') || 'no role',
      fix: 'Give --key the key of an owner, such as the first machine user of the instance.',
    });
  }
  if (wish.organization !== undefined) return wish.organization;
  const self = await zitadel.token.userId();
  if (self !== undefined) return (await zitadel.users.get(self, call)).organizationId;
  throw new DrawbridgeError('invalid_settings', {
    message: 'Which organization is to own the project is not said, and the credential does not tell.',
    fix: 'Set the organization by its id.',
  });
}
