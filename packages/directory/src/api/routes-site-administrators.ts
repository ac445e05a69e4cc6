import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import {
  addAdministrator,
  listAdministrators,
  removeAdministrator,
  type SiteAdministrator,
} from '../administrators/index.ts';
import { askedBy } from './asked.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';

const siteAdministrator = z
  .object({
    subject: z.string().describe('User id in Zitadel, as it stands in `sub`.'),
    name: z.string().nullable().describe('Null for who is no user of the directory.'),
    email: z.string().nullable(),
    addedBy: z.string(),
    addedAt: z.iso.datetime(),
  })
  .meta({ id: 'SiteAdministrator' });

const params = z.object({ subject: z.string().min(1).max(200) });

/** Who acts across organizations, for those who do. */
export function siteAdministratorRoutes(
  app: Api,
  { database, integrations, engine }: Pick<ApiServices, 'database' | 'integrations' | 'engine'>,
): void {
  const config = { access: { kind: 'site' as const } };
  const find = async (wanted: string) =>
    (await listAdministrators(database)).find(({ subject }) => subject === wanted);

  app.route({
    method: 'GET',
    url: '/api/site-administrators',
    config,
    schema: {
      summary: 'List the site administrators',
      response: { 200: z.object({ items: z.array(siteAdministrator) }), ...schemas.problems },
    },
    handler: async () => ({ items: (await listAdministrators(database)).map(show) }),
  });

  app.route({
    method: 'PUT',
    url: '/api/site-administrators/:subject',
    config,
    schema: {
      summary: 'Make a user of Zitadel a site administrator',
      description: 'Asked again it changes nothing and answers the same.',
      params,
      body: schemas.reasoned,
      response: { 200: siteAdministrator, ...schemas.problems },
    },
    handler: async (request) => {
      const { subject } = request.params;
      const there = await find(subject);
      if (there) return show(there);
      await requireKnown(subject);
      const change = { subject, ...askedBy(request, request.body.reason), at: engine.now() };
      await database.transaction((trx) => addAdministrator(trx, change));
      const added = await find(subject);
      if (!added) throw new DrawbridgeError('conflict', { message: `${subject} was removed again.` });
      return show(added);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/site-administrators/:subject',
    config,
    schema: {
      summary: 'Take away that somebody is a site administrator; the last one stays',
      params,
      body: schemas.reasoned,
      response: { 204: z.null(), ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { subject } = request.params;
      const change = { subject, ...askedBy(request, request.body.reason), at: engine.now() };
      await database.transaction((trx) => removeAdministrator(trx, change));
      return await reply.status(204).send(null);
    },
  });

  /** A mistyped id would count as one who is left when the others go. */
  async function requireKnown(subject: string): Promise<void> {
    const zitadel = await integrations.client(await integrations.primary());
    if (await zitadel.users.find(subject, { signal: AbortSignal.timeout(15_000) })) return;
    throw new DrawbridgeError('not_found', {
      message: `Zitadel shows no user ${subject}.`,
      fix: 'Give the user id of Zitadel, not an address or a login name: drawbridge users show MAIL, or the page of the user in Zitadel.',
    });
  }
}

function show({ subject, name, email, addedBy, addedAt }: SiteAdministrator) {
  return {
    subject,
    name: name ?? null,
    email: email ?? null,
    addedBy,
    addedAt: addedAt.toISOString(),
  };
}
