// Made by scripts/generate.ts from the OpenAPI document of the API; not to be edited.

export type AcceptedRun = {
  readonly run: Run;
};

export type ActIn = {
  /** Id or slug. */
  readonly organization: string;
  readonly reason: string;
};

/** Where a site administrator acts, and the reason given for it. */
export type Acting = {
  readonly organizationId: string;
  readonly reason: string;
};

export type AddMember = {
  /** Id or slug of the organization to be a member in. */
  readonly organization: string;
  readonly userId: string;
  /** Role key: admin, manager or user. */
  readonly role?: string | undefined;
  readonly reason?: string | undefined;
};

export type AddOrganization = {
  /** A DNS label. */
  readonly slug: string;
  readonly name: string;
};

export type ApproveSweep = {
  readonly reason: string;
  /** How many users that is; it has to be right. */
  readonly count: number;
  /** Default: all that are held. */
  readonly users?: readonly string[] | undefined;
};

export type AuditEntry = {
  readonly sequence: string;
  readonly organizationId: string | null;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly reason: string | null;
  readonly requestId: string | null;
  /** Null once the person was erased. */
  readonly personal: Readonly<Record<string, string>> | null;
  readonly sealed: boolean;
  readonly hash: string | null;
  readonly previousHash: string | null;
  readonly position: number | null;
};

export type AuditVerification = {
  /** Entries whose hash, order and predecessor are right. */
  readonly checked: number;
  /** Entries too young to be sealed. */
  readonly unsealed: number;
  /** Time of the last sealed entry. */
  readonly through: string | null;
  /** Sequence of the first entry that is not what it should be. */
  readonly brokenAt: string | null;
};

export type Bulk = {
  /** Id or slug; all users are at home in it. */
  readonly organization: string;
  readonly action: 'activate' | 'deactivate' | 'invite' | 'set-role';
  readonly ids: readonly string[];
  /** With set-role. */
  readonly role?: string | undefined;
  readonly reason: string;
};

export type BulkResult = {
  /** Runs of this action: GET /api/runs?batch= */
  readonly batchId: string;
  readonly items: readonly (
    | {
        readonly id: string;
        readonly runId: string;
      }
    | {
        readonly id: string;
        readonly code: string;
        readonly message: string;
      }
  )[];
};

export type ChangeOrganization = {
  readonly name?: string | undefined;
  readonly signIn?: 'invite' | 'password' | 'idp' | undefined;
  readonly identityProviderId?: string | null | undefined;
  readonly netbirdIntegrationId?: string | null | undefined;
  readonly netbirdGroups?: readonly string[] | undefined;
  readonly netbirdRoleGroups?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly adminsManageUsers?: boolean | undefined;
  /** Key of a service account of its own (JSON), or a reference: file:PATH or env:NAME. */
  readonly serviceAccount?: string | null | undefined;
  readonly reason: string;
};

export type ChangeSetting = {
  readonly value: unknown;
  readonly reason: string;
};

export type ChangeUser = {
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  /** Role in the home organization. */
  readonly role?: string | undefined;
  readonly reason?: string | undefined;
};

export type CreateUser = {
  /** Id or slug. */
  readonly organization: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Role key: admin, manager or user. */
  readonly role?: string | undefined;
  /** How the person will sign in. Default: the organization's choice. */
  readonly signIn?: 'invite' | 'password' | 'idp' | undefined;
  /** With signIn password; to be changed at the first sign-in. */
  readonly password?: string | undefined;
  /** With signIn idp; the person's id there. */
  readonly identityProviderUserId?: string | undefined;
};

export type CreatedUser = {
  readonly user: User;
  readonly run: Run;
};

export type Devices = {
  readonly at: string;
  readonly items: readonly {
    readonly id: string;
    readonly name: string;
    readonly os: string;
    readonly ip: string;
    readonly connected: boolean;
    readonly lastSeen: string | null;
  }[];
};

/** One call that a step made; secrets, names and addresses are taken out. */
export type Exchange = {
  readonly system: 'zitadel' | 'netbird';
  readonly method: string;
  readonly path: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly ms: number;
  /** Its body, redacted and cut. */
  readonly request: string | null;
  /** The same of the answer, or the code of what went wrong. */
  readonly reply: string | null;
};

export type History = {
  readonly items: readonly {
    readonly at: string;
    readonly kind: 'status' | 'run' | 'audit';
    readonly id: string;
    readonly what: string;
    readonly actor: string;
    readonly reason: string | null;
    readonly cause: string | null;
    readonly deniedAfterMs: number | null;
  }[];
  readonly next: string | null;
};

export type Import = {
  readonly id: string;
  readonly organizationId: string;
  readonly fileName: string;
  /** checked: the dry run is over, and nothing was changed. */
  readonly state: 'reading' | 'checked' | 'running' | 'stopping' | 'stopped' | 'done' | 'refused';
  readonly code: string | null;
  /** Why the file was refused. */
  readonly reason: string | null;
  readonly requestedBy: string;
  readonly total: number;
  readonly plan: {
    readonly create: number;
    readonly change: number;
    readonly same: number;
    readonly refuse: number;
  };
  /** Invitations that it sends. */
  readonly mails: number;
  readonly outcome: {
    readonly done: number;
    readonly waiting: number;
    readonly attention: number;
    readonly failed: number;
    readonly running: number;
  };
  /** Rows a second since the start. */
  readonly ratePerSecond: number | null;
  /** Time that is left, in milliseconds; before the start an estimate. */
  readonly leftMs: number | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
};

export type ImportRow = {
  /** Line in the file; the header is 1. */
  readonly row: number;
  readonly plan: 'create' | 'change' | 'same' | 'refuse';
  /** What became of it: open until it is started, none where nothing was to do. */
  readonly state: 'open' | 'running' | 'done' | 'waiting' | 'attention' | 'failed' | 'none';
  /** Null where it is missing, or the person was erased. */
  readonly email: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly role: string | null;
  readonly userId: string | null;
  readonly runId: string | null;
  /** Column that is wrong. */
  readonly field: string | null;
  /** What stands there. */
  readonly value: string | null;
  readonly code: string | null;
  readonly message: string | null;
};

export type Integration = {
  readonly id: string;
  readonly type: 'zitadel' | 'netbird';
  readonly name: string;
  readonly issuer: string;
  readonly domain: string;
  readonly address: string | null;
  readonly projectId: string | null;
  readonly clientId: string | null;
  readonly webClientId: string | null;
  readonly managementClientId: string | null;
  /** How each secret is kept; none comes back. */
  readonly secrets: Readonly<
    Record<
      string,
      {
        readonly set: boolean;
        readonly kind: ('file' | 'env' | 'sealed') | null;
        readonly reference: string | null;
      }
    >
  >;
  readonly secretsChangedAt: string | null;
  readonly secretsChangedBy: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type IntegrationHealth = {
  readonly reachable: boolean;
  readonly checkedAt: string;
  readonly tookMs: number;
  readonly version: string | null;
  readonly code: string | null;
  readonly message: string | null;
};

export type MapOrganization = {
  /** Id or slug. */
  readonly organization: string;
  /** Null unmaps, which closes the tenant. */
  readonly zitadelOrgId: string | null;
  readonly netbirdProjectId?: string | null | undefined;
  readonly reason: string;
};

export type Mapping = {
  readonly organization: {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
  };
  readonly zitadelOrgId: string | null;
  /** Drifted: mapped, but without its project grant. */
  readonly state: 'mapped' | 'unmapped' | 'drifted';
  readonly projectGrant: boolean;
  readonly netbirdProjectId: string | null;
  readonly netbirdGroups: readonly string[];
  readonly users: {
    readonly active: number;
    readonly all: number;
  };
  readonly mappedAt: string | null;
  readonly mappedBy: string | null;
};

export type Me = {
  readonly subject: string;
  readonly userId: string | null;
  readonly name: string | null;
  readonly email: string | null;
  /** Whether this request may act across organizations; never in a session of the tenants' console. */
  readonly siteAdministrator: boolean;
  /** Null for a bearer token. */
  readonly application: ('console' | 'management') | null;
  /** Sessions only: send it as X-CSRF-Token with unsafe requests. */
  readonly csrfToken?: string | undefined;
  readonly acting: Acting | null;
  readonly organizations: readonly {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly permissions: readonly string[];
  }[];
};

export type NetbirdPlace =
  | {
      readonly ok: true;
      readonly at: string;
      readonly state: 'none' | 'waiting' | 'active' | 'blocked';
      readonly id: string | null;
      readonly email: string | null;
      readonly name: string | null;
      readonly role: string | null;
      readonly groups: readonly string[];
      readonly lastSeen: string | null;
    }
  | {
      readonly ok: false;
      readonly at: string;
      readonly code: string;
      readonly message: string;
    };

export type NewKey = {
  readonly keyId: string;
  readonly expiresAt: string;
  /** Shown this once. */
  readonly key: unknown;
};

export type Organization = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly zitadelOrgId: string | null;
  /** Whether the application project is known to be granted to it. */
  readonly projectGrant: boolean;
  readonly netbirdProjectId: string | null;
  /** NetBird groups of every user. */
  readonly netbirdGroups: readonly string[];
  /** Role key to further groups. */
  readonly netbirdRoleGroups: Readonly<Record<string, readonly string[]>>;
  readonly signIn: 'invite' | 'password' | 'idp';
  readonly identityProviderId: string | null;
  /** Whether a service account of its own is used for its users. */
  readonly ownServiceAccount: boolean;
  /** Whether its admins are ORG_USER_MANAGER in Zitadel. */
  readonly adminsManageUsers: boolean;
  readonly mappedAt: string | null;
  readonly mappedBy: string | null;
  readonly version: number;
};

export type Overview = {
  readonly attention: readonly {
    readonly kind: 'attention' | 'quarantined' | 'sweep' | 'key' | 'integration';
    readonly id: string;
    readonly title: string;
    readonly since: string;
    readonly action: string;
    readonly organizationId: string | null;
  }[];
  readonly integrations: readonly {
    readonly id: string;
    readonly name: string;
    readonly type: 'zitadel' | 'netbird';
    readonly reachable: boolean;
    readonly checkedAt: string;
    readonly tookMs: number;
    readonly keyExpiresAt: string | null;
    /** Of the events of the last hour, 99 of 100 took less. */
    readonly eventLagMs: number | null;
    /** Page on which it is made to fail on purpose; null where it is real. */
    readonly faultSwitch: string | null;
    /** From 0 to 1; null where the instance has no budget. */
    readonly budgetUsed: number | null;
    readonly code: string | null;
    readonly message: string | null;
  }[];
  readonly charts: {
    readonly timeToDeny: readonly {
      readonly at: string;
      readonly ms: number;
      readonly id: string;
    }[];
    readonly drift: readonly {
      readonly sweep: string;
      readonly at: string;
      readonly corrected: number;
      readonly left: number;
      readonly limit: number;
    }[];
    readonly provisioning: readonly {
      readonly hour: string;
      readonly done: number;
      readonly waiting: number;
      readonly attention: number;
      readonly quarantined: number;
    }[];
    readonly eventLag: readonly {
      readonly at: string;
      readonly p50Ms: number;
      readonly p99Ms: number;
    }[];
  };
  readonly lastRuns: readonly Run[];
  readonly sync: {
    readonly lastAt: string | null;
    readonly state: string | null;
    readonly nextAt: string | null;
  };
};

/** Everything held of a person, table by table. */
export type PersonExport = {
  readonly user: unknown;
  readonly memberships: readonly unknown[];
  readonly statusChanges: readonly unknown[];
  readonly runs: readonly unknown[];
  readonly audit: readonly unknown[];
  readonly imports: readonly unknown[];
  readonly sessions: readonly unknown[];
  readonly events: readonly unknown[];
};

/** RFC 9457 problem details; `code` is stable. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string | undefined;
  readonly code: string;
  readonly requestId: string;
  readonly fix?: string | undefined;
  readonly problems?:
    | readonly {
        readonly field: string;
        readonly message: string;
      }[]
    | undefined;
  readonly retryAfter?: number | undefined;
};

export type RemoveIntegration = {
  /** Its name, typed again. */
  readonly name: string;
  readonly reason: string;
  /** Leaves in Zitadel what was registered there: for one that is gone or no longer lets us in. */
  readonly leave?: boolean | undefined;
};

export type RemovedIntegration = {
  /** Event types whose webhooks were taken out of Zitadel. */
  readonly webhooks: number;
};

export type Role = {
  readonly key: string;
  readonly displayName: string;
  readonly permissions: readonly string[];
};

export type Run = {
  readonly id: string;
  readonly saga: string;
  readonly organizationId: string;
  readonly userId: string | null;
  /** What the run does, in words. */
  readonly title: string | null;
  /** The import or bulk action it belongs to. */
  readonly batchId: string | null;
  readonly state:
    | 'queued'
    | 'running'
    | 'waiting'
    | 'done'
    | 'attention'
    | 'quarantined'
    | 'compensating'
    | 'compensated'
    | 'abandoned';
  readonly code: string | null;
  readonly reason: string | null;
  readonly requestedBy: string;
  readonly steps: readonly Step[];
  /** What was last decided about it. */
  readonly decision: RunDecision | null;
  /** What a person may decide now. */
  readonly choices: readonly ('resume' | 'compensate' | 'abandon')[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
};

export type RunDecision = {
  readonly decision: 'resume' | 'compensate' | 'abandon';
  /** Subject of the person. */
  readonly by: string;
  readonly at: string;
  /** Null once the person concerned was erased. */
  readonly reason: string | null;
};

export type RunPage = {
  readonly items: readonly Run[];
  readonly next: string | null;
};

export type SaveIntegration = {
  readonly type: 'zitadel' | 'netbird';
  /** The issuer of a Zitadel, byte for byte; the URL of a NetBird. */
  readonly issuer: string;
  /** Where its TCP port is, if not at the issuer. */
  readonly address?: string | undefined;
  /** The application project. */
  readonly projectId?: string | undefined;
  readonly name: string;
  readonly clientId?: string | undefined;
  readonly webClientId?: string | undefined;
  readonly managementClientId?: string | undefined;
  /** Key file of the service account (JSON), or file:PATH or env:NAME. */
  readonly serviceAccount?: string | undefined;
  /** Key or secret of the client that introspects tokens. */
  readonly clientSecret?: string | undefined;
  readonly webClientSecret?: string | undefined;
  readonly managementClientSecret?: string | undefined;
  /** NetBird's personal access token. */
  readonly token?: string | undefined;
  readonly reason: string;
};

export type ServiceAccount = {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly state: string;
  /** `needs` and what follows from it only of accounts that the directory itself signs in as. */
  readonly roles: {
    readonly has: readonly string[];
    readonly needs?: readonly string[] | undefined;
    /** Needed, and not within a role it has. */
    readonly missing?: readonly string[] | undefined;
    /** Held, and not needed for its job. */
    readonly superfluous?: readonly string[] | undefined;
  };
  readonly keys: readonly {
    readonly id: string;
    readonly createdAt: string | null;
    readonly expiresAt: string | null;
  }[];
  /** When it last earned a token, as far as events say that are still kept. */
  readonly lastUsedAt: string | null;
};

export type Sessions = {
  readonly at: string;
  readonly items: readonly {
    readonly id: string;
    readonly createdAt: string | null;
    readonly lastSeenAt: string | null;
    readonly expiresAt: string | null;
    readonly userAgent: string | null;
    readonly ip: string | null;
    readonly factors: readonly string[];
    /** Whether it is the session that asks. */
    readonly current: boolean;
  }[];
};

export type Setting = {
  readonly key: string;
  readonly value: unknown;
  readonly default: unknown;
  /** The environment wins, and is not changed here. */
  readonly source: 'default' | 'page' | 'environment';
  /** The environment variable that sets it, or would. */
  readonly variable: string;
  /** What the value does, in words and present numbers. */
  readonly effect: string;
  readonly updatedBy: string | null;
  readonly updatedAt: string | null;
  readonly version: number;
};

export type SiteAdministrator = {
  /** User id in Zitadel, as it stands in `sub`. */
  readonly subject: string;
  /** Null for who is no user of the directory. */
  readonly name: string | null;
  readonly email: string | null;
  readonly addedBy: string;
  readonly addedAt: string;
};

export type Step = {
  readonly name: string;
  readonly title: string;
  /** Where the step acts. */
  readonly place: 'here' | 'zitadel' | 'netbird';
  /** What taking it back would do. */
  readonly undo: string | null;
  readonly idempotencyKey: string | null;
  readonly state:
    | 'pending'
    | 'running'
    | 'waiting'
    | 'done'
    | 'late'
    | 'attention'
    | 'quarantined'
    | 'compensated';
  readonly attempts: number;
  /** As many tries are made before a person is asked. */
  readonly attemptsAllowed: number;
  readonly detail: string | null;
  readonly code: string | null;
  /** Last error, in words. */
  readonly error: string | null;
  /** What the last try asked elsewhere; the last calls where they are many. Kept for 30 days. */
  readonly exchanges: readonly Exchange[];
  readonly nextTryAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
};

export type Sweep = {
  readonly id: string;
  /** Null for a sweep of all organizations. */
  readonly organizationId: string | null;
  readonly cause: 'timer' | 'person' | 'start' | 'event';
  readonly requestedBy: string;
  /** braked: it holds deactivations that a person has to decide about. */
  readonly state: 'running' | 'done' | 'braked' | 'approved' | 'discarded' | 'failed';
  /** Whether Zitadel proved to see its own data. */
  readonly canary: string | null;
  readonly usersRead: number;
  readonly activated: number;
  readonly deactivated: number;
  readonly corrected: number;
  readonly skipped: number;
  readonly held: number;
  /** How many users it may deactivate without asking; null for any. */
  readonly brakeLimit: number | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly decisionReason: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly organizations: readonly {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly usersRead: number;
    readonly active: number;
    /** How many of its users are held. */
    readonly wouldGo: number;
    readonly limit: number | null;
    /** What Zitadel says of most of them. */
    readonly says: string | null;
    readonly code: string | null;
    readonly reason: string | null;
  }[];
};

export type SweepItem = {
  readonly userId: string;
  readonly organizationId: string;
  /** Null for one who was deleted since. */
  readonly email: string | null;
  readonly name: string | null;
  readonly kind: 'activate' | 'deactivate' | 'correct' | 'report';
  readonly state: 'held' | 'approved' | 'applied' | 'dropped' | 'skipped' | 'failed';
  readonly was: string;
  /** What Zitadel says; missing: its list does not show the user. */
  readonly says: string;
  readonly detail: string | null;
  readonly zitadelSeenAt: string | null;
};

export type Trial = {
  readonly checks: readonly {
    readonly name: string;
    readonly mark: 'ok' | 'warn' | 'fail' | 'skip';
    readonly saw: string;
    readonly means: string | null;
    readonly fix: string | null;
  }[];
  readonly roles: {
    readonly has: readonly string[];
    readonly needs: readonly string[];
    readonly missing: readonly string[];
    readonly wanted: readonly string[];
  } | null;
};

export type TryIntegration = {
  readonly type: 'zitadel' | 'netbird';
  /** The issuer of a Zitadel, byte for byte; the URL of a NetBird. */
  readonly issuer: string;
  /** Where its TCP port is, if not at the issuer. */
  readonly address?: string | undefined;
  /** The application project. */
  readonly projectId?: string | undefined;
  /** Key file of the service account (JSON), or file:PATH or env:NAME. */
  readonly serviceAccount?: string | undefined;
  /** Key or secret of the client that introspects tokens. */
  readonly clientSecret?: string | undefined;
  readonly webClientSecret?: string | undefined;
  readonly managementClientSecret?: string | undefined;
  /** NetBird's personal access token. */
  readonly token?: string | undefined;
  /** An integration whose secrets are used where none are given. */
  readonly id?: string | undefined;
};

export type User = {
  readonly id: string;
  /** The home organization. */
  readonly organizationId: string;
  /** Null until the user exists in Zitadel. */
  readonly zitadelUserId: string | null;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly active: boolean;
  /** One word for how the user stands; the most pressing of all that holds. */
  readonly state:
    | 'quarantined'
    | 'attention'
    | 'inactive_elsewhere'
    | 'inactive'
    | 'locked'
    | 'not_set_up'
    | 'waiting'
    | 'active';
  readonly stateReason: string | null;
  readonly stateChangedAt: string | null;
  readonly stateChangedBy: string | null;
  /** What Zitadel was last seen to say. */
  readonly zitadelState: 'active' | 'inactive' | 'deleted' | 'locked' | 'initial' | 'unknown';
  readonly zitadelSeenAt: string | null;
  readonly netbirdState: 'none' | 'waiting' | 'active' | 'blocked';
  readonly netbirdUserId: string | null;
  readonly netbirdSeenAt: string | null;
  readonly lastRun: {
    readonly id: string;
    readonly state:
      | 'queued'
      | 'running'
      | 'waiting'
      | 'done'
      | 'attention'
      | 'quarantined'
      | 'compensating'
      | 'compensated'
      | 'abandoned';
  } | null;
  readonly version: number;
  readonly permissions: readonly string[];
  readonly memberships: readonly {
    readonly organizationId: string;
    readonly role: string;
    readonly home: boolean;
  }[];
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type UserPage = {
  readonly items: readonly User[];
  /** Cursor of the next page; null on the last. */
  readonly next: string | null;
  /** How many match, with count=true; over all organizations 10,000 stands for as many or more. */
  readonly total?: number | undefined;
};

export type ZitadelOrganization = {
  readonly id: string;
  readonly name: string;
  readonly state: 'active' | 'inactive';
  readonly primaryDomain: string | null;
  /** The organization here that has it. */
  readonly mappedTo: {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
  } | null;
};

export type ZitadelPlace =
  | {
      readonly ok: true;
      readonly at: string;
      readonly state: string;
      readonly email: string | null;
      readonly emailVerified: boolean;
      readonly name: string | null;
      readonly organizationId: string | null;
      readonly roles: readonly string[];
    }
  | {
      readonly ok: false;
      readonly at: string;
      readonly code: string;
      readonly message: string;
    };

/** Every route: what is asked and what is answered. */
export interface Routes {
  /** Who I am and what I may do */
  'GET /api/me': { readonly asked: Readonly<Record<never, never>>; readonly answer: Me };

  /** Say why I act in an organization that is not mine */
  'POST /api/me/acting': {
    readonly asked: {
      readonly body: ActIn;
    };
    readonly answer: {
      readonly acting: Acting | null;
    };
  };

  /** Act in no other organization any more */
  'DELETE /api/me/acting': {
    readonly asked: Readonly<Record<never, never>>;
    readonly answer: {
      readonly acting: Acting | null;
    };
  };

  /** List where I am signed in */
  'GET /api/me/sessions': { readonly asked: Readonly<Record<never, never>>; readonly answer: Sessions };

  /** End all my sessions but this one */
  'DELETE /api/me/sessions': {
    readonly asked: Readonly<Record<never, never>>;
    readonly answer: {
      readonly ended: number;
    };
  };

  /** End one of my sessions */
  'DELETE /api/me/sessions/{sessionId}': {
    readonly asked: {
      readonly params: {
        readonly sessionId: string;
      };
    };
    readonly answer: {
      readonly ended: number;
    };
  };

  /** List my devices in NetBird */
  'GET /api/me/devices': { readonly asked: Readonly<Record<never, never>>; readonly answer: Devices };

  /** Create a user and provision it into Zitadel */
  'POST /api/users': {
    readonly asked: {
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
            readonly 'idempotency-key'?: string | undefined;
          }
        | undefined;
      readonly body: CreateUser;
    };
    readonly answer: CreatedUser;
  };

  /** List users */
  'GET /api/users': {
    readonly asked: {
      readonly query?:
        | {
            /** Id or slug. Site administrators may leave it out. */
            readonly organization?: string | undefined;
            readonly email?: string | undefined;
            /** Beginnings of words of the name, or of the address. */
            readonly q?: string | undefined;
            readonly state?:
              | 'quarantined'
              | 'attention'
              | 'inactive_elsewhere'
              | 'inactive'
              | 'locked'
              | 'not_set_up'
              | 'waiting'
              | 'active'
              | undefined;
            readonly role?: string | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'email!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'q!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'state!'?:
              | (
                  | 'quarantined'
                  | 'attention'
                  | 'inactive_elsewhere'
                  | 'inactive'
                  | 'locked'
                  | 'not_set_up'
                  | 'waiting'
                  | 'active'
                )
              | readonly (
                  | 'quarantined'
                  | 'attention'
                  | 'inactive_elsewhere'
                  | 'inactive'
                  | 'locked'
                  | 'not_set_up'
                  | 'waiting'
                  | 'active'
                )[]
              | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'role!'?: string | readonly string[] | undefined;
            readonly sort?: 'created' | 'name' | 'email' | '-changed' | undefined;
            /** The cursor `next` of the page before. */
            readonly after?: string | undefined;
            readonly limit?: number | undefined;
            /** Also count all that match. */
            readonly count?: string | boolean | undefined;
          }
        | undefined;
    };
    readonly answer: UserPage;
  };

  /** Read a user */
  'GET /api/users/{id}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly answer: User;
  };

  /** Change a user's names or role */
  'PATCH /api/users/{id}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
            /** The ETag that was read; 412 when it was changed since. */
            readonly 'if-match'?: string | undefined;
          }
        | undefined;
      readonly body: ChangeUser;
    };
    readonly answer: CreatedUser;
  };

  /** Delete a user here, in NetBird and in Zitadel */
  'DELETE /api/users/{id}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
            /** The ETag that was read; 412 when it was changed since. */
            readonly 'if-match'?: string | undefined;
          }
        | undefined;
      readonly body: {
        readonly reason: string;
      };
    };
    readonly answer: AcceptedRun;
  };

  /** Send the invitation again */
  'POST /api/users/{id}/invitation': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
          }
        | undefined;
    };
    readonly answer: CreatedUser;
  };

  /** Read everything that is held of a person */
  'GET /api/users/{id}/export': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly answer: PersonExport;
  };

  /** Delete a user and take their name out of runs, events and the audit */
  'POST /api/users/{id}/erasure': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
          }
        | undefined;
      readonly body: {
        readonly reason: string;
        /** The user's address, typed again. */
        readonly email: string;
      };
    };
    readonly answer: AcceptedRun;
  };

  /** Read a user where it lives: Zitadel and NetBird, each with its own age and failure */
  'GET /api/users/{id}/places': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly answer: {
      readonly zitadel: ZitadelPlace;
      readonly netbird: NetbirdPlace;
    };
  };

  /** Read what happened to a user, the newest first */
  'GET /api/users/{id}/history': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly query?:
        | {
            /** The cursor `next` of the page before. */
            readonly after?: string | undefined;
            readonly limit?: number | undefined;
          }
        | undefined;
    };
    readonly answer: History;
  };

  /** List where a user is signed in */
  'GET /api/users/{id}/sessions': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly answer: Sessions;
  };

  /** End all sessions of a user; of oneself all but the present one */
  'DELETE /api/users/{id}/sessions': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly answer: {
      readonly ended: number;
    };
  };

  /** End one session of a user */
  'DELETE /api/users/{id}/sessions/{sessionId}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
        readonly sessionId: string;
      };
    };
    readonly answer: {
      readonly ended: number;
    };
  };

  /** List a user's devices in NetBird */
  'GET /api/users/{id}/devices': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly answer: Devices;
  };

  /** Activate, deactivate or invite many users, or set their role */
  'POST /api/users/bulk': {
    readonly asked: {
      readonly body: Bulk;
    };
    readonly answer: BulkResult;
  };

  /** Upload a CSV file of users, and see what importing it would do */
  'POST /api/imports': {
    readonly asked: {
      readonly query: {
        /** Id or slug. */
        readonly organization: string;
        readonly fileName?: string | undefined;
      };
      readonly body: string;
    };
    readonly answer: Import;
  };

  /** List imports, the newest first */
  'GET /api/imports': {
    readonly asked: {
      readonly query: {
        /** Id or slug. */
        readonly organization: string;
        /** The cursor `next` of the page before. */
        readonly after?: string | undefined;
        readonly limit?: number | undefined;
      };
    };
    readonly answer: {
      readonly items: readonly Import[];
      readonly next: string | null;
    };
  };

  /** Read how far an import is */
  'GET /api/imports/{id}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly answer: Import;
  };

  /** List the rows of an import, in the order of the file */
  'GET /api/imports/{id}/rows': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly query?:
        | {
            readonly plan?: 'create' | 'change' | 'same' | 'refuse' | undefined;
            readonly outcome?:
              | 'open'
              | 'running'
              | 'done'
              | 'waiting'
              | 'attention'
              | 'failed'
              | 'none'
              | undefined;
            readonly after?: number | undefined;
            readonly limit?: number | undefined;
          }
        | undefined;
    };
    readonly answer: {
      readonly items: readonly ImportRow[];
      readonly next: string | null;
    };
  };

  /** Start an import after its dry run, or go on with a stopped one */
  'POST /api/imports/{id}/start': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly body: {
        /** Leave out what the dry run refused. */
        readonly skipRefused?: boolean | undefined;
      } | null;
    };
    readonly answer: Import;
  };

  /** Stop an import behind the rows that are under way */
  'POST /api/imports/{id}/stop': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly answer: Import;
  };

  /** Download what became of each row */
  'GET /api/imports/{id}/results.csv': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly query?:
        | {
            /** The rows alone that have to be corrected. */
            readonly only?: 'failed' | undefined;
          }
        | undefined;
    };
    readonly answer: string;
  };

  /** List who did what, the newest first */
  'GET /api/audit': {
    readonly asked: {
      readonly query?:
        | {
            /** Id or slug. Left out, by site administrators only: everything. */
            readonly organization?: string | undefined;
            readonly actor?: string | undefined;
            /** The action, or what it begins with: user. */
            readonly action?: string | undefined;
            readonly object?: string | undefined;
            readonly request?: string | undefined;
            readonly from?: string | undefined;
            readonly to?: string | undefined;
            /** Beginnings of words of action, kind of object, reason, and name and address of the person concerned. */
            readonly q?: string | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'actor!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'action!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'object!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'request!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'q!'?: string | readonly string[] | undefined;
            /** The cursor `next` of the page before. */
            readonly after?: string | boolean | undefined;
            readonly limit?: number | undefined;
            /** Also count all that match, as before an export; over all organizations no further than 10,000. */
            readonly count?: string | boolean | undefined;
          }
        | undefined;
    };
    readonly answer: {
      readonly items: readonly AuditEntry[];
      readonly next: string | null;
      readonly total?: number | undefined;
    };
  };

  /** Check the hash chain of an organization's audit, or of the site's own */
  'GET /api/audit/verification': {
    readonly asked: {
      readonly query?:
        | {
            /** Id or slug. Left out, by site administrators only: everything. */
            readonly organization?: string | undefined;
          }
        | undefined;
    };
    readonly answer: AuditVerification;
  };

  /** Stream all that matches as JSON lines, the oldest first */
  'GET /api/audit/export': {
    readonly asked: {
      readonly query?:
        | {
            /** Id or slug. Left out, by site administrators only: everything. */
            readonly organization?: string | undefined;
            readonly actor?: string | undefined;
            /** The action, or what it begins with: user. */
            readonly action?: string | undefined;
            readonly object?: string | undefined;
            readonly request?: string | undefined;
            readonly from?: string | undefined;
            readonly to?: string | undefined;
            /** Beginnings of words of action, kind of object, reason, and name and address of the person concerned. */
            readonly q?: string | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'actor!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'action!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'object!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'request!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'q!'?: string | readonly string[] | undefined;
          }
        | undefined;
    };
    readonly answer: string;
  };

  /** List runs, the newest first */
  'GET /api/runs': {
    readonly asked: {
      readonly query?:
        | {
            /** Id or slug. Site administrators may leave it out. */
            readonly organization?: string | undefined;
            readonly state?:
              | 'queued'
              | 'running'
              | 'waiting'
              | 'done'
              | 'attention'
              | 'quarantined'
              | 'compensating'
              | 'compensated'
              | 'abandoned'
              | undefined;
            readonly user?: string | undefined;
            /** Runs of one import or bulk action. */
            readonly batch?: string | undefined;
            /** Beginnings of words of what a run does, and to whom. */
            readonly q?: string | undefined;
            /** Requested then or later. */
            readonly from?: string | undefined;
            /** Requested before then. */
            readonly to?: string | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'state!'?:
              | (
                  | 'queued'
                  | 'running'
                  | 'waiting'
                  | 'done'
                  | 'attention'
                  | 'quarantined'
                  | 'compensating'
                  | 'compensated'
                  | 'abandoned'
                )
              | readonly (
                  | 'queued'
                  | 'running'
                  | 'waiting'
                  | 'done'
                  | 'attention'
                  | 'quarantined'
                  | 'compensating'
                  | 'compensated'
                  | 'abandoned'
                )[]
              | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'user!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'batch!'?: string | readonly string[] | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'q!'?: string | readonly string[] | undefined;
            /** The cursor `next` of the page before. */
            readonly after?: string | undefined;
            readonly limit?: number | undefined;
          }
        | undefined;
    };
    readonly answer: RunPage;
  };

  /** Read a run with its steps; with Prefer: wait=N once it is over or stopped */
  'GET /api/runs/{id}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
          }
        | undefined;
    };
    readonly answer: Run;
  };

  /** Decide about a run that stopped */
  'POST /api/runs/{id}/{decision}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
        readonly decision: 'resume' | 'compensate' | 'abandon';
      };
      readonly body: {
        readonly reason: string;
      };
    };
    readonly answer: Run;
  };

  /** List the organizations the caller may see */
  'GET /api/organizations': {
    readonly asked: Readonly<Record<never, never>>;
    readonly answer: {
      readonly items: readonly Organization[];
    };
  };

  /** Add an organization; nothing is provisioned for it before it is mapped */
  'POST /api/organizations': {
    readonly asked: {
      readonly body: AddOrganization;
    };
    readonly answer: Organization;
  };

  /** Read an organization */
  'GET /api/organizations/{id}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly answer: Organization;
  };

  /** Change the settings of an organization */
  'PATCH /api/organizations/{id}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly headers?:
        | {
            /** The ETag that was read; 412 when it was changed since. */
            readonly 'if-match'?: string | undefined;
          }
        | undefined;
      readonly body: ChangeOrganization;
    };
    readonly answer: Organization;
  };

  /** List the roles that memberships may have */
  'GET /api/roles': {
    readonly asked: Readonly<Record<never, never>>;
    readonly answer: {
      readonly items: readonly Role[];
    };
  };

  /** List Zitadel's organizations */
  'GET /api/zitadel/organizations': {
    readonly asked: {
      readonly query?:
        | {
            /** A part of the name. */
            readonly q?: string | undefined;
            /** The cursor `next` of the page before. */
            readonly after?: number | undefined;
            readonly limit?: number | undefined;
          }
        | undefined;
    };
    readonly answer: {
      readonly items: readonly ZitadelOrganization[];
      readonly next: string | null;
    };
  };

  /** List which organization here is which in Zitadel */
  'GET /api/zitadel/org-mapping': {
    readonly asked: Readonly<Record<never, never>>;
    readonly answer: {
      readonly items: readonly Mapping[];
    };
  };

  /** Map an organization to one in Zitadel, to another one, or to none */
  'POST /api/zitadel/org-mapping': {
    readonly asked: {
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
          }
        | undefined;
      readonly body: MapOrganization;
    };
    readonly answer: {
      readonly organization: Organization;
      readonly run: Run;
    };
  };

  /** List the configured Zitadels and NetBirds */
  'GET /api/integrations': {
    readonly asked: Readonly<Record<never, never>>;
    readonly answer: {
      readonly items: readonly Integration[];
    };
  };

  /** Add an integration */
  'POST /api/integrations': {
    readonly asked: {
      readonly body: SaveIntegration;
    };
    readonly answer: Integration;
  };

  /** Try an integration before it is saved */
  'POST /api/integrations/test': {
    readonly asked: {
      readonly body: TryIntegration;
    };
    readonly answer: Trial;
  };

  /** Change an integration; secrets that are not given stay */
  'PUT /api/integrations/{id}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly body: SaveIntegration;
    };
    readonly answer: Integration;
  };

  /** Remove an integration that no mapped organization uses, and what it made in Zitadel for its events */
  'DELETE /api/integrations/{id}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly body: RemoveIntegration;
    };
    readonly answer: RemovedIntegration;
  };

  /** Ask an integration whether it answers, now */
  'GET /api/integrations/{id}/health': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
    };
    readonly answer: IntegrationHealth;
  };

  /** List the service accounts of an organization with their keys */
  'GET /api/service-accounts': {
    readonly asked: {
      readonly query: {
        /** Id or slug. */
        readonly organization: string;
      };
    };
    readonly answer: {
      readonly items: readonly ServiceAccount[];
    };
  };

  /** Make a key for a service account; it is shown this once */
  'POST /api/service-accounts/{id}/keys': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly query: {
        /** Id or slug. */
        readonly organization: string;
      };
      readonly body: {
        readonly expiresInDays?: number | undefined;
        readonly reason?: string | undefined;
      } | null;
    };
    readonly answer: NewKey;
  };

  /** Remove a key; whatever uses it stops at once */
  'DELETE /api/service-accounts/{id}/keys/{keyId}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
        readonly keyId: string;
      };
      readonly query: {
        /** Id or slug. */
        readonly organization: string;
      };
      readonly body: {
        readonly reason: string;
      };
    };
    readonly answer: string;
  };

  /** What waits for a person, how the integrations are, and what happened lately */
  'GET /api/overview': {
    readonly asked: {
      readonly query?:
        | {
            /** Id or slug. Left out, by site administrators only: all of them. */
            readonly organization?: string | undefined;
          }
        | undefined;
    };
    readonly answer: Overview;
  };

  /** Activate a user in Zitadel and here, and unblock NetBird */
  'POST /api/zitadel/users/{id}/activate': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
            /** The ETag that was read; 412 when it was changed since. */
            readonly 'if-match'?: string | undefined;
          }
        | undefined;
      readonly body: {
        readonly reason?: string | undefined;
      } | null;
    };
    readonly answer: CreatedUser;
  };

  /** Deactivate a user in Zitadel and here, end sessions, block NetBird */
  'POST /api/zitadel/users/{id}/deactivate': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
            /** The ETag that was read; 412 when it was changed since. */
            readonly 'if-match'?: string | undefined;
          }
        | undefined;
      readonly body: {
        readonly reason?: string | undefined;
      } | null;
    };
    readonly answer: CreatedUser;
  };

  /** Give a user a role in a project, within an organization */
  'POST /api/zitadel/projects/{id}/members': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
          }
        | undefined;
      readonly body: AddMember;
    };
    readonly answer: CreatedUser;
  };

  /** Take a user's roles in an organization away */
  'DELETE /api/zitadel/projects/{id}/members/{userId}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
        readonly userId: string;
      };
      readonly query: {
        /** Id or slug of the organization to leave. */
        readonly organization: string;
      };
      readonly headers?:
        | {
            /** wait=N: answer when the run is over, at latest after N seconds (RFC 7240). */
            readonly prefer?: string | undefined;
          }
        | undefined;
    };
    readonly answer: AcceptedRun;
  };

  /** Compare everybody with Zitadel now; answers with the sweep under way where it covers that */
  'POST /api/zitadel/users/sync-status': {
    readonly asked: {
      readonly body: {
        /** Id or slug. Site administrators may leave it out. */
        readonly organization?: string | undefined;
      } | null;
    };
    readonly answer: Sweep;
  };

  /** List sweeps, the newest first */
  'GET /api/sweeps': {
    readonly asked: {
      readonly query?:
        | {
            /** Id or slug. Site administrators may leave it out. */
            readonly organization?: string | undefined;
            readonly state?: 'running' | 'done' | 'braked' | 'approved' | 'discarded' | 'failed' | undefined;
            readonly cause?: 'timer' | 'person' | 'start' | 'event' | undefined;
            /** Beginnings of words of cause, who asked for it, and id. */
            readonly q?: string | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'state!'?:
              | ('running' | 'done' | 'braked' | 'approved' | 'discarded' | 'failed')
              | readonly ('running' | 'done' | 'braked' | 'approved' | 'discarded' | 'failed')[]
              | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'cause!'?:
              | ('timer' | 'person' | 'start' | 'event')
              | readonly ('timer' | 'person' | 'start' | 'event')[]
              | undefined;
            /** Leaves out what has this; may be given several times. */
            readonly 'q!'?: string | readonly string[] | undefined;
            /** The cursor `next` of the page before. */
            readonly after?: string | undefined;
            readonly limit?: number | undefined;
          }
        | undefined;
    };
    readonly answer: {
      readonly items: readonly Sweep[];
      readonly next: string | null;
    };
  };

  /** Read a sweep, or an organization's part of it */
  'GET /api/sweeps/{id}': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly query?:
        | {
            /** Id or slug. Site administrators may leave it out. */
            readonly organization?: string | undefined;
          }
        | undefined;
    };
    readonly answer: Sweep;
  };

  /** List whom a sweep found differing, and what became of them */
  'GET /api/sweeps/{id}/items': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly query?:
        | {
            /** Id or slug. Site administrators may leave it out. */
            readonly organization?: string | undefined;
            readonly state?: 'held' | 'approved' | 'applied' | 'dropped' | 'skipped' | 'failed' | undefined;
            /** The cursor `next` of the page before. */
            readonly after?: string | undefined;
            readonly limit?: number | undefined;
          }
        | undefined;
    };
    readonly answer: {
      readonly items: readonly SweepItem[];
      readonly next: string | null;
    };
  };

  /** Approve what a braked sweep holds; each user is looked at again before anything happens */
  'POST /api/sweeps/{id}/approve': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly body: ApproveSweep;
    };
    readonly answer: Sweep;
  };

  /** Discard what a braked sweep holds */
  'POST /api/sweeps/{id}/discard': {
    readonly asked: {
      readonly params: {
        readonly id: string;
      };
      readonly body: {
        readonly reason: string;
      };
    };
    readonly answer: Sweep;
  };

  /** List the settings, where each is from and what it does */
  'GET /api/settings': {
    readonly asked: Readonly<Record<never, never>>;
    readonly answer: {
      readonly items: readonly Setting[];
    };
  };

  /** Change a setting */
  'PUT /api/settings/{key}': {
    readonly asked: {
      readonly params: {
        readonly key: string;
      };
      readonly headers?:
        | {
            /** The ETag that was read; 412 when it was changed since. */
            readonly 'if-match'?: string | undefined;
          }
        | undefined;
      readonly body: ChangeSetting;
    };
    readonly answer: Setting;
  };

  /** List the site administrators */
  'GET /api/site-administrators': {
    readonly asked: Readonly<Record<never, never>>;
    readonly answer: {
      readonly items: readonly SiteAdministrator[];
    };
  };

  /** Make a user of Zitadel a site administrator */
  'PUT /api/site-administrators/{subject}': {
    readonly asked: {
      readonly params: {
        readonly subject: string;
      };
      readonly body: {
        readonly reason: string;
      };
    };
    readonly answer: SiteAdministrator;
  };

  /** Take away that somebody is a site administrator; the last one stays */
  'DELETE /api/site-administrators/{subject}': {
    readonly asked: {
      readonly params: {
        readonly subject: string;
      };
      readonly body: {
        readonly reason: string;
      };
    };
    readonly answer: string;
  };

  /** Follow what changes */
  'GET /api/events': {
    readonly asked: {
      readonly query?:
        | {
            /** Id or slug; without it, all I may see. */
            readonly organization?: string | undefined;
          }
        | undefined;
      readonly headers?:
        | {
            /** Where a former stream ended; what came since is told. */
            readonly 'last-event-id'?: string | undefined;
          }
        | undefined;
    };
    readonly answer: string;
  };
}
