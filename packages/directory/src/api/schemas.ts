import { z } from 'zod';
import { userStates } from '../users/index.ts';
import { run, runPage, runStates } from './schemas-runs.ts';

export { run, runPage, runStates };

const time = z.iso.datetime();

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.string(),
    requestId: z.string(),
    fix: z.string().optional(),
    problems: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    retryAfter: z.number().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details; `code` is stable.' });

export const idParams = z.object({ id: z.string().max(200) });
export const reason = z.string().trim().min(1).max(500);
export const reasoned = z.strictObject({ reason });
export const perhapsReasoned = z.strictObject({ reason: reason.optional() }).nullish();
export const preferHeaders = z.object({
  prefer: z
    .string()
    .max(200)
    .optional()
    .describe('wait=N: answer when the run is over, at latest after N seconds (RFC 7240).'),
});
// RFC 8941 would quote the key; both forms are in use, so that any printable text is taken.
export const idempotencyKey = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/);
export const ifMatchHeaders = z.object({
  'if-match': z
    .string()
    .max(200)
    .optional()
    .describe('The ETag that was read; 412 when it was changed since.'),
});

export const user = z
  .object({
    id: z.string(),
    organizationId: z.string().describe('The home organization.'),
    zitadelUserId: z.string().nullable().describe('Null until the user exists in Zitadel.'),
    email: z.string(),
    givenName: z.string(),
    familyName: z.string(),
    active: z.boolean(),
    state: z
      .enum(userStates)
      .describe('One word for how the user stands; the most pressing of all that holds.'),
    stateReason: z.string().nullable(),
    stateChangedAt: time.nullable(),
    stateChangedBy: z.string().nullable(),
    zitadelState: z
      .enum(['active', 'inactive', 'deleted', 'locked', 'initial', 'unknown'])
      .describe('What Zitadel was last seen to say.'),
    zitadelSeenAt: time.nullable(),
    netbirdState: z.enum(['none', 'waiting', 'active', 'blocked']),
    netbirdUserId: z.string().nullable(),
    netbirdSeenAt: time.nullable(),
    lastRun: z.object({ id: z.string(), state: z.enum(runStates) }).nullable(),
    version: z.int(),
    permissions: z.array(z.string()),
    memberships: z.array(z.object({ organizationId: z.string(), role: z.string(), home: z.boolean() })),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'User' });

export const userPage = z
  .object({
    items: z.array(user),
    next: z.string().nullable().describe('Cursor of the next page; null on the last.'),
    total: z
      .int()
      .optional()
      .describe('How many match, with count=true; over all organizations 10,000 stands for as many or more.'),
  })
  .meta({ id: 'UserPage' });

const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !/\p{Cc}/u.test(text), 'holds a control character');

export const createUser = z
  .strictObject({
    organization: z.string().min(1).max(200).describe('Id or slug.'),
    email: z.email().max(200),
    givenName: line,
    familyName: line,
    role: z.string().min(1).max(200).default('user').describe('Role key: admin, manager or user.'),
    signIn: z
      .enum(['invite', 'password', 'idp'])
      .optional()
      .describe("How the person will sign in. Default: the organization's choice."),
    password: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('With signIn password; to be changed at the first sign-in.'),
    identityProviderUserId: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("With signIn idp; the person's id there."),
  })
  .meta({ id: 'CreateUser' });

export const accepted = z.object({ user, run }).meta({ id: 'CreatedUser' });

export const organization = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    zitadelOrgId: z.string().nullable(),
    projectGrant: z.boolean().describe('Whether the application project is known to be granted to it.'),
    netbirdProjectId: z.string().nullable(),
    netbirdGroups: z.array(z.string()).describe('NetBird groups of every user.'),
    netbirdRoleGroups: z.record(z.string(), z.array(z.string())).describe('Role key to further groups.'),
    signIn: z.enum(['invite', 'password', 'idp']),
    identityProviderId: z.string().nullable(),
    ownServiceAccount: z.boolean().describe('Whether a service account of its own is used for its users.'),
    adminsManageUsers: z.boolean().describe('Whether its admins are ORG_USER_MANAGER in Zitadel.'),
    mappedAt: time.nullable(),
    mappedBy: z.string().nullable(),
    version: z.int(),
  })
  .meta({ id: 'Organization' });

export const acting = z
  .object({ organizationId: z.string(), reason: z.string() })
  .meta({ id: 'Acting', description: 'Where a site administrator acts, and the reason given for it.' });

export const addOrganization = z
  .strictObject({ slug: z.string().min(1).max(63).describe('A DNS label.'), name: line })
  .meta({ id: 'AddOrganization' });

const groupNames = z.array(line).max(100);
export const changeOrganization = z
  .strictObject({
    name: line.optional(),
    signIn: z.enum(['invite', 'password', 'idp']).optional(),
    identityProviderId: z.string().min(1).max(200).nullable().optional(),
    netbirdIntegrationId: z.string().min(1).max(200).nullable().optional(),
    netbirdGroups: groupNames.optional(),
    netbirdRoleGroups: z.record(z.string().max(200), groupNames).optional(),
    adminsManageUsers: z.boolean().optional(),
    serviceAccount: z
      .string()
      .min(1)
      .max(20_000)
      .nullable()
      .optional()
      .describe('Key of a service account of its own (JSON), or a reference: file:PATH or env:NAME.'),
    reason,
  })
  .meta({ id: 'ChangeOrganization' });

export const role = z
  .object({ key: z.string(), displayName: z.string(), permissions: z.array(z.string()) })
  .meta({ id: 'Role' });

export const me = z
  .object({
    subject: z.string(),
    userId: z.string().nullable(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    siteAdministrator: z
      .boolean()
      .describe(
        "Whether this request may act across organizations; never in a session of the tenants' console.",
      ),
    application: z.enum(['console', 'management']).nullable().describe('Null for a bearer token.'),
    csrfToken: z.string().optional().describe('Sessions only: send it as X-CSRF-Token with unsafe requests.'),
    acting: acting.nullable(),
    organizations: z.array(
      z.object({ id: z.string(), slug: z.string(), name: z.string(), permissions: z.array(z.string()) }),
    ),
  })
  .meta({ id: 'Me' });

export const changeUser = z
  .strictObject({
    givenName: line.optional(),
    familyName: line.optional(),
    role: z.string().min(1).max(200).optional().describe('Role in the home organization.'),
    reason: reason.optional(),
  })
  .refine(({ reason: _why, ...change }) => Object.keys(change).length > 0, 'changes nothing')
  .meta({ id: 'ChangeUser' });

const anything = z.array(z.unknown());
export const personExport = z
  .object({
    user: z.unknown(),
    memberships: anything,
    statusChanges: anything,
    runs: anything,
    audit: anything,
    imports: anything,
    sessions: anything,
    events: anything,
  })
  .meta({ id: 'PersonExport', description: 'Everything held of a person, table by table.' });

export const acceptedRun = z.object({ run }).meta({ id: 'AcceptedRun' });

/** The error answers every route may give. */
export const problems = { '4xx': problem, '5xx': problem } as const;
