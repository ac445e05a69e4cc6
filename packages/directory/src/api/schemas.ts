import { z } from 'zod';

const states = [
  'queued',
  'running',
  'waiting',
  'done',
  'attention',
  'quarantined',
  'compensating',
  'compensated',
  'abandoned',
] as const;
const stepStates = [
  'pending',
  'running',
  'waiting',
  'done',
  'late',
  'attention',
  'quarantined',
  'compensated',
] as const;
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

export const user = z
  .object({
    id: z.string(),
    organizationId: z.string().describe('The home organization.'),
    zitadelUserId: z.string().nullable().describe('Null until the user exists in Zitadel.'),
    email: z.string(),
    givenName: z.string(),
    familyName: z.string(),
    active: z.boolean(),
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
  })
  .meta({ id: 'CreateUser' });

const step = z
  .object({
    name: z.string(),
    title: z.string(),
    state: z.enum(stepStates),
    attempts: z.int(),
    detail: z.string().nullable(),
    code: z.string().nullable(),
    error: z.string().nullable().describe('Last error, in words.'),
    nextTryAt: time.nullable(),
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Step' });

export const run = z
  .object({
    id: z.string(),
    saga: z.string(),
    organizationId: z.string(),
    userId: z.string().nullable(),
    state: z.enum(states),
    code: z.string().nullable(),
    reason: z.string().nullable(),
    requestedBy: z.string(),
    steps: z.array(step),
    choices: z.array(z.enum(['resume', 'compensate', 'abandon'])).describe('What a person may decide now.'),
    createdAt: time,
    updatedAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Run' });

export const accepted = z.object({ user, run }).meta({ id: 'CreatedUser' });

export const organization = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    zitadelOrgId: z.string().nullable(),
    projectGrant: z.boolean().describe('Whether the application project is known to be granted to it.'),
  })
  .meta({ id: 'Organization' });

export const me = z
  .object({
    subject: z.string(),
    userId: z.string().nullable(),
    siteAdministrator: z.boolean(),
    organizations: z.array(
      z.object({ id: z.string(), slug: z.string(), name: z.string(), permissions: z.array(z.string()) }),
    ),
  })
  .meta({ id: 'Me' });

/** The error answers every route may give. */
export const problems = { '4xx': problem, '5xx': problem } as const;
