import { Secret } from '@drawbridge/kit';
import { z } from 'zod';
import { type Integration, type SecretColumn, secretColumns, secretKind } from '../integrations/index.ts';
import * as schemas from './schemas.ts';

const time = z.iso.datetime();
const secretText = z.string().trim().min(1).max(20_000);
const text = z.string().trim().min(1).max(200);
export const secretNames = {
  serviceAccount: 'service_account_json',
  clientSecret: 'client_secret',
  webClientSecret: 'web_client_secret',
  managementClientSecret: 'management_client_secret',
  token: 'token',
} as const satisfies Record<string, SecretColumn>;
const givenSecrets = {
  serviceAccount: secretText
    .optional()
    .describe('Key file of the service account (JSON), or file:PATH or env:NAME.'),
  clientSecret: secretText.optional().describe('Key or secret of the client that introspects tokens.'),
  webClientSecret: secretText.optional(),
  managementClientSecret: secretText.optional(),
  token: secretText.optional().describe("NetBird's personal access token."),
};
const candidate = {
  type: z.enum(['zitadel', 'netbird']),
  issuer: z.url().max(300).describe('The issuer of a Zitadel, byte for byte; the URL of a NetBird.'),
  address: text.optional().describe('Where its TCP port is, if not at the issuer.'),
  projectId: text.optional().describe('The application project.'),
};
export const tryBody = z
  .strictObject({
    ...candidate,
    ...givenSecrets,
    id: text.optional().describe('An integration whose secrets are used where none are given.'),
  })
  .meta({ id: 'TryIntegration' });
export const saveBody = z
  .strictObject({
    ...candidate,
    name: text,
    clientId: text.optional(),
    webClientId: text.optional(),
    managementClientId: text.optional(),
    ...givenSecrets,
    reason: schemas.reason,
  })
  .meta({ id: 'SaveIntegration' });
export const trial = z
  .object({
    checks: z.array(
      z.object({
        name: z.string(),
        mark: z.enum(['ok', 'warn', 'fail', 'skip']),
        saw: z.string(),
        means: z.string().nullable(),
        fix: z.string().nullable(),
      }),
    ),
    roles: z
      .object({
        has: z.array(z.string()),
        needs: z.array(z.string()),
        missing: z.array(z.string()),
        wanted: z.array(z.string()),
      })
      .nullable(),
  })
  .meta({ id: 'Trial' });
const keptSecret = z.object({
  set: z.boolean(),
  kind: z.enum(['file', 'env', 'sealed']).nullable(),
  reference: z.string().nullable(),
});
export const integration = z
  .object({
    id: z.string(),
    type: z.enum(['zitadel', 'netbird']),
    name: z.string(),
    issuer: z.string(),
    domain: z.string(),
    address: z.string().nullable(),
    projectId: z.string().nullable(),
    clientId: z.string().nullable(),
    webClientId: z.string().nullable(),
    managementClientId: z.string().nullable(),
    secrets: z.record(z.string(), keptSecret).describe('How each secret is kept; none comes back.'),
    secretsChangedAt: time.nullable(),
    secretsChangedBy: z.string().nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Integration' });
export const removeBody = z
  .strictObject({
    name: z.string().max(200).describe('Its name, typed again.'),
    reason: schemas.reason,
    leave: z
      .boolean()
      .default(false)
      .describe('Leaves in Zitadel what was registered there: for one that is gone or no longer lets us in.'),
  })
  .meta({ id: 'RemoveIntegration' });
export const removed = z
  .object({ webhooks: z.int().describe('Event types whose webhooks were taken out of Zitadel.') })
  .meta({ id: 'RemovedIntegration' });
export const health = z
  .object({
    reachable: z.boolean(),
    checkedAt: time,
    tookMs: z.int(),
    version: z.string().nullable(),
    code: z.string().nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: 'IntegrationHealth' });

/** Secrets as a request gives them. */
export type GivenSecrets = { readonly [K in keyof typeof secretNames]?: string | undefined };

/** The secrets that are given, by their columns. */
export function secretsOf(body: GivenSecrets): Partial<Record<SecretColumn, Secret>> {
  const secrets: Partial<Record<SecretColumn, Secret>> = {};
  for (const [name, column] of Object.entries(secretNames)) {
    const given = body[name as keyof typeof secretNames];
    if (given !== undefined) secrets[column] = new Secret(given);
  }
  return secrets;
}

/** An integration as the API shows it: how its secrets are kept, and none of them. */
export function showIntegration(row: Integration): z.infer<typeof integration> {
  const nameOf = new Map<string, string>(Object.entries(secretNames).map(([name, column]) => [column, name]));
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    issuer: row.issuer,
    domain: row.domain,
    address: row.address,
    projectId: row.project_id,
    clientId: row.client_id,
    webClientId: row.web_client_id,
    managementClientId: row.management_client_id,
    secrets: Object.fromEntries(
      secretColumns.map((column) => [nameOf.get(column) ?? column, secretKind(row[column])]),
    ),
    secretsChangedAt: row.secrets_changed_at?.toISOString() ?? null,
    secretsChangedBy: row.secrets_changed_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
