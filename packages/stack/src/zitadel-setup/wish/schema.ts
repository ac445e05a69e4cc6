import { validators } from '@drawbridge/kit';
import { z } from 'zod';

const ref = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is no short name of a-z, 0-9 and -');
const text = z.string().min(1).max(200);
const id = z.string().min(1).max(200);
/** Part of a key of metadata, which has at most 200 characters in all. */
const keyPart = z.string().min(1).max(80);
const minute = 60_000;
const day = 86_400_000;

/** A length of time within limits, in milliseconds. */
function lengthWithin(min: number, max: number) {
  const read = validators.duration({ min, max });
  return z
    .string()
    .superRefine((text, context) => {
      const result = read(text);
      if (!('value' in result)) context.addIssue({ code: 'custom', message: result.complaint });
    })
    .describe('a length of time such as 15m');
}

/** As long as a token or session may sensibly live. Zitadel takes none of 0. */
const life = lengthWithin(minute, 3_650 * day);
const url = z.url();

const device = z.strictObject({
  kind: z
    .literal('device')
    .describe('a program at a terminal: device code, or a browser of the same machine'),
  name: text,
  // Zitadel leaves a list as it is where it is told an empty one.
  redirectUris: z.array(url).min(1).default(['http://127.0.0.1/callback']),
});
const web = z.strictObject({
  kind: z.literal('web').describe('pages that people sign in at with a browser'),
  name: text,
  redirectUris: z.array(url).min(1),
  postLogoutRedirectUris: z.array(url).default([]),
  backChannelLogoutUri: url.optional(),
  secret: z.boolean().default(false).describe('signs in with a client secret beside PKCE'),
  roles: z.boolean().default(false).describe('its tokens name the roles of who signs in'),
});
const api = z.strictObject({
  kind: z.literal('api').describe('a server that asks Zitadel about tokens; it gets a key'),
  name: text,
  keyDays: z.int().min(1).max(3_650).default(365),
});

/** An application of a project. */
export type WishedApplication = z.infer<typeof application>;
const application = z.discriminatedUnion('kind', [device, web, api]);

/** A project and what is in it. */
export type WishedProject = z.infer<typeof project>;
const project = z.strictObject({
  id: id.optional().describe('its own id; by default its name here'),
  name: text,
  roleAssertion: z.boolean().default(true).describe('tokens name the roles of who signs in'),
  authorizationRequired: z.boolean().default(false).describe('who has no role cannot sign in'),
  accessRequired: z
    .boolean()
    .default(false)
    .describe('who is of an organization without a grant cannot sign in'),
  roles: z.record(keyPart, text).default({}).describe('key: display name'),
  grants: z
    .record(keyPart, z.array(text))
    .default({})
    .describe('id of an organization: keys of the roles it may give'),
  applications: z.record(ref, application).default({}),
});

/** A machine user. */
export type WishedAccount = z.infer<typeof account>;
const account = z.strictObject({
  name: text,
  description: z.string().max(500).optional(),
  username: text.optional().describe('by default its user id'),
  accessToken: z.enum(['jwt', 'opaque']).default('opaque'),
  roles: z.array(z.string().startsWith('IAM_')).default([]).describe('administrator of the instance'),
  organizations: z
    .record(id, z.array(z.string().startsWith('ORG_')).min(1))
    .default({})
    .describe('administrator of organizations, by their id'),
  authorizations: z.record(ref, z.array(text).min(1)).default({}).describe('roles in projects named here'),
  key: z.boolean().default(true),
  keyDays: z.int().min(1).max(3_650).default(365),
});

/** A target of actions with what it is called for. */
export type WishedTarget = z.infer<typeof target>;
const target = z.strictObject({
  endpoint: url,
  kind: z.enum(['webhook', 'call']).default('webhook'),
  // Zitadel's own upper limit.
  timeout: lengthWithin(100, 270_000).default('5s'),
  interruptOnError: z.boolean().default(false),
  events: z.array(z.string().regex(/^[a-z0-9_.]+$/, 'is no exact event type')).default([]),
  functions: z.array(z.enum(['preuserinfo', 'preaccesstoken', 'presamlresponse'])).default([]),
});

/** How long tokens live; what is not named stays as it is in Zitadel. */
export type WishedLifetimes = z.infer<typeof lifetimes>;
const lifetimes = z.strictObject({
  accessToken: life.optional(),
  idToken: life.optional(),
  refreshIdle: life.optional(),
  refresh: life.optional(),
});

/** How a Zitadel is to be. What is not named here is left alone. */
export type ZitadelWish = z.infer<typeof wishSchema>;

/** The form of a wish. */
export const wishSchema = z.strictObject({
  owner: ref
    .default('drawbridge')
    .describe('whose the objects are, where several installations share an instance'),
  organization: id.optional().describe('owns the projects; by default the one of the account that sets up'),
  projects: z.record(ref, project).default({}),
  accounts: z.record(ref, account).default({}),
  targets: z.record(ref, target).default({}),
  lifetimes: lifetimes.default({}),
});
