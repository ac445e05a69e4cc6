import { DrawbridgeError, Secret } from '@drawbridge/kit';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { violatedUnique } from '../database/index.ts';
import {
  findIntegration,
  type Integration,
  listIntegrations,
  readHealth,
  resolveReference,
  type SecretColumn,
  saveIntegration,
  secretColumns,
  secretKind,
  tryNetbird,
  tryZitadel,
} from '../integrations/index.ts';
import { askedBy } from './asked.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';

const time = z.iso.datetime();
const secretText = z.string().trim().min(1).max(20_000);
const text = z.string().trim().min(1).max(200);
const secretNames = {
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
const tryBody = z
  .strictObject({
    ...candidate,
    ...givenSecrets,
    id: text.optional().describe('An integration whose secrets are used where none are given.'),
  })
  .meta({ id: 'TryIntegration' });
const saveBody = z
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
const trial = z
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
const integration = z
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
const health = z
  .object({
    reachable: z.boolean(),
    checkedAt: time,
    tookMs: z.int(),
    version: z.string().nullable(),
    code: z.string().nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: 'IntegrationHealth' });

/** Routes under `/api/integrations`, for site administrators. */
export function integrationRoutes(app: Api, services: ApiServices): void {
  const { database, sealer, integrations, engine, allowInsecure } = services;
  const { clock } = engine;
  const config = { access: { kind: 'site' as const } };
  const show = async (id: string) => view(await findIntegration(database, id));
  const save = async (request: FastifyRequest, body: z.infer<typeof saveBody>, id?: string) => {
    const { reason, name, type, issuer, address, projectId, clientId, webClientId, managementClientId } =
      body;
    const change = {
      type,
      name,
      issuer,
      address: address ?? null,
      projectId: projectId ?? null,
      clientId: clientId ?? null,
      webClientId: webClientId ?? null,
      managementClientId: managementClientId ?? null,
      secrets: secretsOf(body),
    };
    const who = { ...askedBy(request, reason), at: engine.now() };
    try {
      const saved = await database.transaction((trx) => saveIntegration(trx, sealer, change, who, id));
      services.onIntegrated?.();
      return saved;
    } catch (error) {
      if (violatedUnique(error) !== 'system_integrations_name_key') throw error;
      throw new DrawbridgeError('conflict', { message: `There is an integration "${name}" already.` });
    }
  };

  app.route({
    method: 'GET',
    url: '/api/integrations',
    config,
    schema: {
      summary: 'List the configured Zitadels and NetBirds',
      response: { 200: z.object({ items: z.array(integration) }), ...schemas.problems },
    },
    handler: async () => ({ items: (await listIntegrations(database)).map(view) }),
  });

  app.route({
    method: 'POST',
    url: '/api/integrations/test',
    config,
    schema: {
      summary: 'Try an integration before it is saved',
      body: tryBody,
      response: { 200: trial, ...schemas.problems },
    },
    handler: async ({ body }) => {
      const secretOf = async (name: keyof typeof secretNames) => await candidateSecret(services, body, name);
      const options = {
        clock,
        signal: AbortSignal.timeout(20_000),
        ...(allowInsecure ? { allowInsecure: true } : {}),
      };
      const address = body.address === undefined ? {} : { address: body.address };
      const { checks, roles } =
        body.type === 'zitadel'
          ? await tryZitadel(
              {
                issuer: body.issuer,
                ...address,
                ...(body.projectId === undefined ? {} : { projectId: body.projectId }),
                serviceAccount: await secretOf('serviceAccount'),
              },
              options,
            )
          : await tryNetbird({ url: body.issuer, ...address, token: await secretOf('token') }, options);
      return {
        checks: checks.map((check) => ({
          name: check.name,
          mark: check.state,
          saw: check.text,
          means: 'means' in check ? (check.means ?? null) : null,
          fix: 'fix' in check ? (check.fix ?? null) : null,
        })),
        roles: roles
          ? {
              has: [...roles.has],
              needs: [...roles.needs],
              missing: [...roles.missing],
              wanted: [...roles.wanted],
            }
          : null,
      };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/integrations',
    config,
    schema: {
      summary: 'Add an integration',
      body: saveBody,
      response: { 201: integration, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const id = await save(request, request.body);
      return await reply
        .status(201)
        .header('location', `/api/integrations/${id}`)
        .send(await show(id));
    },
  });

  app.route({
    method: 'PUT',
    url: '/api/integrations/:id',
    config,
    schema: {
      summary: 'Change an integration; secrets that are not given stay',
      params: schemas.idParams,
      body: saveBody,
      response: { 200: integration, ...schemas.problems },
    },
    handler: async (request) => await show(await save(request, request.body, request.params.id)),
  });

  app.route({
    method: 'GET',
    url: '/api/integrations/:id/health',
    config,
    schema: {
      summary: 'Ask an integration whether it answers, now',
      params: schemas.idParams,
      response: { 200: health, ...schemas.problems },
    },
    handler: async (request) => {
      const found = await findIntegration(database, request.params.id);
      const seen = await readHealth(integrations, found, clock, AbortSignal.timeout(10_000));
      return { ...seen, checkedAt: seen.checkedAt.toISOString() };
    },
  });
}

type GivenSecrets = { readonly [K in keyof typeof secretNames]?: string | undefined };

function secretsOf(body: GivenSecrets): Partial<Record<SecretColumn, Secret>> {
  const secrets: Partial<Record<SecretColumn, Secret>> = {};
  for (const [name, column] of Object.entries(secretNames)) {
    const given = body[name as keyof typeof secretNames];
    if (given !== undefined) secrets[column] = new Secret(given);
  }
  return secrets;
}

/** The secret to try with: the one that is given, else the saved one. */
async function candidateSecret(
  { database, sealer }: ApiServices,
  body: GivenSecrets & { readonly id?: string | undefined },
  name: keyof typeof secretNames,
): Promise<Secret> {
  const column = secretNames[name];
  const given = body[name];
  const row = body.id ?? '';
  const kept = given ?? (body.id === undefined ? null : (await findIntegration(database, body.id))[column]);
  if (kept === null) {
    throw new DrawbridgeError('invalid_request', {
      problems: [{ field: name, message: 'is needed to try it' }],
    });
  }
  const isReference = /^(file|env|sealed):\S+$/.test(kept);
  if (!isReference) return new Secret(kept);
  return await resolveReference(kept, { purpose: `system_integrations.${column}`, row }, { sealer });
}

function view(row: Integration): z.infer<typeof integration> {
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
