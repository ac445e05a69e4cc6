import { silentLogger } from '@drawbridge/kit';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { guard, identify } from './access.ts';
import type { Authenticator } from './caller.ts';
import { addEtags } from './etag.ts';
import { addIdempotency } from './idempotent.ts';
import { tidyDocument } from './openapi.ts';
import { auditRoutes } from './routes-audit.ts';
import { bulkRoutes } from './routes-bulk.ts';
import { importRoutes } from './routes-imports.ts';
import { integrationRoutes } from './routes-integrations.ts';
import { liveRoutes } from './routes-live.ts';
import { mappingRoutes } from './routes-mapping.ts';
import { meRoutes } from './routes-me.ts';
import { mePlaceRoutes } from './routes-me-places.ts';
import { organizationRoutes } from './routes-organizations.ts';
import { overviewRoutes } from './routes-overview.ts';
import { peopleRoutes } from './routes-people.ts';
import { runRoutes } from './routes-runs.ts';
import { serviceAccountRoutes } from './routes-service-accounts.ts';
import { settingRoutes } from './routes-settings.ts';
import { siteAdministratorRoutes } from './routes-site-administrators.ts';
import { sweepRoutes } from './routes-sweeps.ts';
import { userPlaceRoutes } from './routes-user-places.ts';
import { userSessionRoutes } from './routes-user-sessions.ts';
import { userRoutes } from './routes-users.ts';
import { zitadelRoutes } from './routes-zitadel.ts';
import type { Api, ApiServices } from './services.ts';

const documentUrl = '/api/openapi.json';

/** Adds the directory's API to a server: routes, access rules, and the OpenAPI document made from the same schemas. */
export async function addApi(
  app: FastifyInstance,
  services: ApiServices,
  authenticator: Authenticator,
): Promise<void> {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Drawbridge directory',
        version: '0.1.0',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-drawbridge',
            description: 'A session begun at /auth/sign-in. Unsafe requests carry X-CSRF-Token as well.',
          },
        },
      },
      security: [{ bearer: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  const { database, sessions, limiter, engine, feed, logger = silentLogger } = services;
  const callers = { authenticator, sessions, database, limiter, open: new Set([documentUrl]) };
  guard(app, callers);
  addIdempotency(app, database, () => engine.now());
  addEtags(app);
  // In a scope of their own, which swagger's hook sees once it is registered.
  await app.register((scope, _options, done) => {
    const api: Api = scope.withTypeProvider<ZodTypeProvider>();
    meRoutes(api, services);
    mePlaceRoutes(api, services);
    userRoutes(api, services);
    peopleRoutes(api, services);
    userPlaceRoutes(api, services);
    userSessionRoutes(api, services);
    bulkRoutes(api, services);
    importRoutes(api, services);
    auditRoutes(api, services);
    runRoutes(api, services);
    organizationRoutes(api, services);
    mappingRoutes(api, services);
    integrationRoutes(api, services);
    serviceAccountRoutes(api, services);
    overviewRoutes(api, services);
    zitadelRoutes(api, services);
    sweepRoutes(api, services);
    settingRoutes(api, services);
    siteAdministratorRoutes(api, services);
    liveRoutes(api, services, {
      feed,
      identify: (request) => identify(request, callers),
      clock: engine.clock,
      logger,
    });
    let document: object | undefined;
    scope.get(documentUrl, { schema: { hide: true } }, async () => {
      document ??= tidyDocument(app.swagger());
      return document;
    });
    done();
  });
}
