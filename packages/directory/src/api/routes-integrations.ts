import { DrawbridgeError, Secret } from '@drawbridge/kit';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { violatedUnique } from '../database/index.ts';
import {
  findIntegration,
  listIntegrations,
  readHealth,
  removeIntegration,
  requireUnused,
  resolveReference,
  saveIntegration,
  tryNetbird,
  tryZitadel,
} from '../integrations/index.ts';
import { askedBy } from './asked.ts';
import * as schemas from './schemas.ts';
import {
  type GivenSecrets,
  health,
  integration,
  removeBody,
  removed,
  saveBody,
  secretNames,
  secretsOf,
  showIntegration,
  trial,
  tryBody,
} from './schemas-integrations.ts';
import type { Api, ApiServices } from './services.ts';

/** Routes under `/api/integrations`, for site administrators. */
export function integrationRoutes(app: Api, services: ApiServices): void {
  const { database, sealer, integrations, engine, allowInsecure } = services;
  const { clock } = engine;
  const config = { access: { kind: 'site' as const } };
  const show = async (id: string) => showIntegration(await findIntegration(database, id));
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
    handler: async () => ({ items: (await listIntegrations(database)).map(showIntegration) }),
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
    method: 'DELETE',
    url: '/api/integrations/:id',
    config,
    schema: {
      summary:
        'Remove an integration that no mapped organization uses, and what it made in Zitadel for its events',
      params: schemas.idParams,
      body: removeBody,
      response: { 200: removed, ...schemas.problems },
    },
    handler: async (request) => {
      const { name, reason, leave } = request.body;
      const { id } = request.params;
      const found = await findIntegration(database, id);
      if (found.name !== name) {
        throw new DrawbridgeError('invalid_request', {
          problems: [{ field: 'name', message: "is not this integration's name" }],
        });
      }
      await database.read((db) => requireUnused(db, found));
      const who = { ...askedBy(request, reason), at: engine.now() };
      const remove = () => database.transaction((trx) => removeIntegration(trx, id, who));
      let webhooks = 0;
      if (found.type === 'netbird' || leave) await remove();
      else webhooks = await services.letGo(found, AbortSignal.timeout(20_000), remove);
      await integrations.forget(id);
      services.onIntegrated?.();
      return { webhooks };
    },
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
