import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { recordAudit } from '../audit/index.ts';
import { exportPerson } from '../people/index.ts';
import { getUser, removeUser } from '../users/index.ts';
import { organizationOf } from './access.ts';
import { answerRun } from './answer-run.ts';
import { askedBy } from './asked.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';
import { homeOrganization } from './whose-user.ts';

/** What a person may ask of whoever holds their data: all of it, and that it be gone. */
export function peopleRoutes(app: Api, services: ApiServices): void {
  const { database, engine } = services;

  app.route({
    method: 'GET',
    url: '/api/users/:id/export',
    config: {
      access: {
        kind: 'organization',
        permission: 'settings.write',
        organizationId: (request) => homeOrganization(services, request),
      },
    },
    schema: {
      summary: 'Read everything that is held of a person',
      params: schemas.idParams,
      response: { 200: schemas.personExport, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const found = await exportPerson(database, id);
      if (!found) throw new DrawbridgeError('not_found');
      await database.transaction((trx) =>
        recordAudit(trx, {
          ...askedBy(request),
          organizationId: organizationOf(request),
          action: 'user.export',
          objectType: 'user',
          objectId: id,
          at: engine.now(),
        }),
      );
      void reply.header('cache-control', 'no-store');
      return JSON.parse(JSON.stringify(found)) as z.infer<typeof schemas.personExport>;
    },
  });

  app.route({
    method: 'POST',
    url: '/api/users/:id/erasure',
    config: {
      access: {
        kind: 'organization',
        permission: 'settings.write',
        organizationId: (request) => homeOrganization(services, request),
      },
    },
    schema: {
      summary: 'Delete a user and take their name out of runs, events and the audit',
      params: schemas.idParams,
      headers: schemas.preferHeaders,
      body: schemas.reasoned.extend({ email: z.string().describe("The user's address, typed again.") }),
      response: { 202: schemas.acceptedRun, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { email, reason } = request.body;
      const user = await getUser(database, request.params.id);
      if (user?.user.email.toLowerCase() !== email.trim().toLowerCase()) {
        throw new DrawbridgeError('invalid_request', {
          problems: [{ field: 'email', message: "is not this user's address" }],
        });
      }
      const who = { ...askedBy(request), reason };
      const started = await removeUser(services, request.params.id, who, { erase: true });
      return { run: await answerRun(services, request, reply, started) };
    },
  });
}
