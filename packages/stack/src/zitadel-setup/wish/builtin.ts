import { revocationTypes } from '@drawbridge/events';
import type { z } from 'zod';
import type { wishSchema } from './schema.ts';

/** A wish as it may be written: defaults left out. */
export type WishInput = z.input<typeof wishSchema>;
type Applications = NonNullable<NonNullable<WishInput['projects']>[string]['applications']>;
type Accounts = NonNullable<WishInput['accounts']>;

/** What Drawbridge does with a Zitadel. */
export type SetupJob =
  | 'command'
  | 'directory'
  | 'openbao'
  | 'apiserver'
  | 'controller'
  | 'authn-webhook'
  | 'actions-server';

/** All jobs, in the order in which they are told. */
export const setupJobs: readonly SetupJob[] = [
  'command',
  'directory',
  'openbao',
  'apiserver',
  'controller',
  'authn-webhook',
  'actions-server',
];

/** What the wish for Drawbridge's own jobs is made from. */
export interface BuiltinOptions {
  /** Default `command` and `directory`, and those whose URL is given. */
  readonly jobs?: readonly SetupJob[];
  /** Origin of `drawbridge serve` as browsers reach it; its web applications are made once it is known. */
  readonly publicUrl?: string;
  /** Origin of OpenBao as browsers reach it, for signing in at its own pages. */
  readonly openbaoUrl?: string;
  /** Origin of `drawbridge actions-server` as Zitadel reaches it. */
  readonly actionsUrl?: string;
  /** Who makes users: people on Zitadel's own pages, or a page of yours by the API. Default `zitadel`. */
  readonly ui?: 'zitadel' | 'custom';
  /** Life of access tokens, such as `15m`; `keep` leaves it as it is. Default `15m`. */
  readonly accessToken?: string;
}

/**
 * What Drawbridge's own jobs need in Zitadel: one project, an application for each way to sign in, and for each job a machine user
 * with the least roles that it works with. It is data: show it, merge a file into it, then compare it with what there is.
 *
 * @example
 * ```ts
 * import { builtinWish } from '@drawbridge/stack';
 *
 * const wish = builtinWish({ publicUrl: 'https://people.acme.example' });
 * console.log(Object.keys(wish.projects?.drawbridge?.applications ?? {})); // command, directory-api, console, management
 * ```
 */
export function builtinWish(options: BuiltinOptions = {}): WishInput {
  const { publicUrl, openbaoUrl, actionsUrl, ui = 'zitadel', accessToken = '15m' } = options;
  const jobs = new Set<SetupJob>(
    options.jobs ?? [
      'command',
      'directory',
      ...(openbaoUrl === undefined ? [] : (['openbao'] as const)),
      ...(actionsUrl === undefined ? [] : (['actions-server'] as const)),
    ],
  );
  const has = (job: SetupJob) => jobs.has(job);
  const applications: Applications = {
    ...(has('command') ? { command: { kind: 'device', name: 'Drawbridge command' } } : {}),
    ...(has('directory') ? { 'directory-api': { kind: 'api', name: 'Drawbridge API' } } : {}),
    ...(has('directory') && publicUrl !== undefined ? webApplications(publicUrl) : {}),
    ...(has('openbao') && openbaoUrl !== undefined ? { openbao: openbaoApplication(openbaoUrl) } : {}),
    ...(has('authn-webhook') ? { 'token-review': { kind: 'api', name: 'Drawbridge TokenReview' } } : {}),
  };
  return {
    projects: {
      drawbridge: {
        name: 'Drawbridge',
        roles: has('directory') ? { admin: 'Admin', manager: 'Manager', user: 'User' } : {},
        applications,
      },
    },
    accounts: accountsFor(has),
    targets: has('actions-server') && actionsUrl !== undefined ? actionTargets(actionsUrl, ui) : {},
    lifetimes: accessToken === 'keep' ? {} : { accessToken },
  };
}

function webApplications(publicUrl: string): Applications {
  const pages = {
    kind: 'web' as const,
    redirectUris: [`${publicUrl}/auth/callback`],
    postLogoutRedirectUris: [`${publicUrl}/auth/signed-out`],
    backChannelLogoutUri: `${publicUrl}/auth/back-channel-logout`,
  };
  return {
    console: { ...pages, name: 'Drawbridge console' },
    management: { ...pages, name: 'Drawbridge management' },
  };
}

/**
 * OpenBao's own pages. Its command line would be answered on plain http, for which Zitadel wants development mode; at a terminal people
 * sign in with `drawbridge login`.
 */
function openbaoApplication(url: string): Applications[string] {
  return {
    kind: 'web',
    name: 'OpenBao',
    redirectUris: [`${url}/ui/vault/auth/oidc/oidc/callback`],
    secret: true,
    roles: true,
  };
}

function accountsFor(has: (job: SetupJob) => boolean): Accounts {
  return {
    ...(has('directory')
      ? {
          directory: {
            name: 'Drawbridge directory',
            description: 'Provisions users and keeps their status in step.',
            // Users, authorizations and project grants of all organizations; reading events.
            roles: ['IAM_USER_MANAGER', 'IAM_OWNER_VIEWER'],
          },
        }
      : {}),
    ...(has('apiserver')
      ? {
          apiserver: {
            name: 'Drawbridge identity API',
            description: 'Shows sessions, identities and keys to Kubernetes.',
            roles: ['IAM_ORG_MANAGER'],
          },
        }
      : {}),
    ...(has('controller')
      ? {
          controller: {
            name: 'Drawbridge controller',
            description: 'Brings Zitadel to what objects of Kubernetes say.',
            // It makes and removes organizations, and must see who owns the instance.
            roles: ['IAM_OWNER'],
          },
        }
      : {}),
    ...(has('actions-server')
      ? {
          'actions-server': {
            name: 'Drawbridge actions server',
            description: 'Reads the events that webhooks lost.',
            roles: ['IAM_OWNER_VIEWER'],
          },
        }
      : {}),
  };
}

/** What the actions server answers; which event tells of a new user depends on who makes users. */
function actionTargets(url: string, ui: 'zitadel' | 'custom'): NonNullable<WishInput['targets']> {
  return {
    actions: {
      endpoint: `${url}/v1/actions/events`,
      events: [
        ui === 'zitadel' ? 'user.human.selfregistered' : 'user.human.added',
        'idpintent.started',
        'idpintent.succeeded',
        'user.human.externalidp.added',
        'user.reactivated',
        'user.unlocked',
        ...revocationTypes({}),
      ],
    },
    claims: {
      endpoint: `${url}/v1/actions/customize-jwt`,
      kind: 'call',
      functions: ['preuserinfo', 'preaccesstoken'],
    },
  };
}
