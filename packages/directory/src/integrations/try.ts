import { type Clock, createHttpClient, DrawbridgeError, type Secret } from '@drawbridge/kit';
import { createNetbird } from '@drawbridge/netbird';
import {
  type Abilities,
  type Check,
  type CheckResult,
  createZitadel,
  type InstancePatient,
  instanceChecks,
  parseServiceAccount,
  readAbilities,
  runChecks,
  type Zitadel,
} from '@drawbridge/zitadel';

/** A Zitadel that is to be integrated, with its secrets at hand. */
export interface ZitadelCandidate {
  readonly issuer: string;
  readonly address?: string;
  readonly projectId?: string;
  readonly serviceAccount: Secret;
}

export interface TryOptions {
  readonly clock: Clock;
  readonly allowInsecure?: boolean;
  readonly signal: AbortSignal;
}

/** What trying an integration showed. */
export interface Trial {
  readonly checks: readonly CheckResult[];
  /** Permissions the service account has of those it needs; absent where it got no token. */
  readonly roles?: Abilities;
}

interface ProjectPatient extends InstancePatient {
  readonly projectId: string | undefined;
}

const roleKeys = ['admin', 'manager', 'user'];

/** The application project is there, with the roles that the directory gives out. */
const projectCheck: Check<ProjectPatient> = {
  name: 'project',
  needs: ['roles'],
  async run({ zitadel, projectId, signal }) {
    if (projectId === undefined) {
      return {
        state: 'fail',
        text: 'no application project is named',
        means: 'there are no roles to give out',
        fix: 'create a project in Zitadel, with the roles admin, manager and user, and put its id here',
      };
    }
    const { projects } = await zitadel();
    const project = await projects.find(projectId, { signal });
    if (!project) {
      return {
        state: 'fail',
        text: `Zitadel shows no project ${projectId}`,
        means: 'there are no roles to give out',
        fix: 'check the id, and that the service account may see the project',
      };
    }
    const has = (await projects.listRoles(projectId, {}, { signal }).all()).map(({ key }) => key);
    const missing = roleKeys.filter((key) => !has.includes(key));
    if (missing.length === 0)
      return { state: 'ok', text: `${project.name ?? projectId}, with roles ${has.join(', ')}` };
    return {
      state: 'fail',
      text: `${project.name ?? projectId} has no role ${missing.join(', ')}`,
      means: 'users could not be given it',
      fix: `add ${missing.join(', ')} to the project in Zitadel`,
    };
  },
};

/** Tries a Zitadel before it is saved: name, clock, key, version, what the account may do, and the project. */
export async function tryZitadel(candidate: ZitadelCandidate, options: TryOptions): Promise<Trial> {
  const { issuer, address, serviceAccount, projectId } = candidate;
  const http = createHttpClient({
    timeoutMs: 5_000,
    userAgent: 'drawbridge-directory',
    ...(address === undefined ? {} : { addresses: { [issuer]: address } }),
  });
  let client: Zitadel | undefined;
  const loadKey = async () => parseServiceAccount(serviceAccount.expose());
  const patient: ProjectPatient = {
    issuer,
    projectId,
    fetch: http.fetch,
    signal: options.signal,
    now: () => options.clock.now(),
    loadKey,
    keyPlace: 'this integration',
    zitadel: async () =>
      (client ??= createZitadel({
        issuer,
        http,
        credentials: await loadKey(),
        clock: options.clock,
        ...(options.allowInsecure ? { allowInsecure: true } : {}),
      })),
    skewMs: undefined,
  };
  try {
    const checks: CheckResult[] = [];
    for await (const result of runChecks([...instanceChecks, projectCheck], patient)) checks.push(result);
    const signedIn = checks.some(({ name, state }) => name === 'token' && state === 'ok');
    if (!signedIn || !client) return { checks };
    // What kept it from being read stands in the check `roles` already.
    const roles = await readAbilities(client, options.signal).catch(() => undefined);
    return roles ? { checks, roles } : { checks };
  } finally {
    await client?.close();
    await http.close();
  }
}

/** A NetBird that is to be integrated. */
export interface NetbirdCandidate {
  readonly url: string;
  readonly address?: string;
  readonly token: Secret;
}

/** Tries a NetBird before it is saved: that it answers, takes the token, and lets it see users. */
export async function tryNetbird(candidate: NetbirdCandidate, options: TryOptions): Promise<Trial> {
  const client = createNetbird({
    url: candidate.url,
    token: candidate.token,
    clock: options.clock,
    ...(candidate.address === undefined ? {} : { address: candidate.address }),
    ...(options.allowInsecure ? { allowInsecure: true } : {}),
  });
  try {
    const { role, mayManageUsers } = await client.probe({ signal: options.signal });
    const reached: CheckResult = { name: 'netbird', state: 'ok', text: 'answers, and takes the token' };
    return { checks: [reached, roleFinding(role, mayManageUsers)] };
  } catch (caught) {
    const error = DrawbridgeError.from(caught);
    return {
      checks: [
        {
          name: 'netbird',
          state: 'fail',
          text: error.message,
          ...(error.saw ? { means: `saw ${error.saw}` } : {}),
          ...(error.fix ? { fix: error.fix } : {}),
        },
      ],
    };
  } finally {
    await client.close();
  }
}

function roleFinding(role: string | undefined, mayManageUsers: boolean | undefined): CheckResult {
  const name = 'role';
  if (mayManageUsers) return { name, state: 'ok', text: `${role ?? 'its user'} may manage users` };
  if (mayManageUsers === undefined) {
    return {
      name,
      state: 'warn',
      text: 'NetBird does not show whose token it is',
      means: 'whether it may manage users shows only when it does',
    };
  }
  return {
    name,
    state: 'fail',
    text: `the token is of a user with the role ${role ?? 'unknown'}`,
    means: 'nobody could be blocked or put into groups',
    fix: 'make a token of a service user with the role admin',
  };
}
