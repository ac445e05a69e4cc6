import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { recordAudit } from '../audit/index.ts';
import { endOtherSessions, endSession, listSessions, ownZitadel, readDevices } from '../places/index.ts';
import { getUser } from '../users/index.ts';
import { callerOf } from './access.ts';
import { askedBy } from './asked.ts';
import * as schemas from './schemas.ts';
import { devices, ended, sessions, showDevices, showSessions } from './schemas-places.ts';
import type { Api, ApiServices } from './services.ts';

const sessionParams = z.object({ sessionId: z.string().max(200) });

/** Where I am signed in, and my devices: for everybody, about themselves alone. */
export function mePlaceRoutes(app: Api, { database, integrations, engine }: ApiServices): void {
  const { clock } = engine;
  const config = { access: { kind: 'signed-in' as const } };
  const signal = () => AbortSignal.timeout(10_000);
  const zitadelOf = async (request: FastifyRequest) =>
    await ownZitadel(integrations, callerOf(request).userId);
  /** @param forget the session that ended; none for all but the one that asks */
  const note = async (request: FastifyRequest, to: object, forget: string | undefined) => {
    const { subject, userId, session } = callerOf(request);
    const home = userId === undefined ? undefined : (await getUser(database, userId))?.user.organization_id;
    await database.transaction(async (trx) => {
      const mine = trx.deleteFrom('web_sessions').where('subject', '=', subject);
      await (forget === undefined
        ? mine.where('id_hash', '<>', session?.id ?? '')
        : mine.where('zitadel_session_id', '=', forget)
      ).execute();
      await recordAudit(trx, {
        ...askedBy(request),
        ...(home === undefined ? {} : { organizationId: home }),
        action: forget === undefined ? 'session.end_all' : 'session.end',
        objectType: 'user',
        objectId: userId ?? subject,
        to,
        at: engine.now(),
      });
    });
  };

  app.route({
    method: 'GET',
    url: '/api/me/sessions',
    config,
    schema: { summary: 'List where I am signed in', response: { 200: sessions, ...schemas.problems } },
    handler: async (request) => {
      const { subject, session } = callerOf(request);
      const items = await listSessions(await zitadelOf(request), subject, clock.now(), signal());
      return showSessions(items, clock.now(), session?.zitadelSessionId);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/me/sessions/:sessionId',
    config,
    schema: {
      summary: 'End one of my sessions',
      params: sessionParams,
      response: { 200: ended, ...schemas.problems },
    },
    handler: async (request) => {
      const { sessionId } = request.params;
      await endSession(await zitadelOf(request), callerOf(request).subject, sessionId, signal());
      await note(request, { session: sessionId }, sessionId);
      return { ended: 1 };
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/me/sessions',
    config,
    schema: { summary: 'End all my sessions but this one', response: { 200: ended, ...schemas.problems } },
    handler: async (request) => {
      const { subject, session } = callerOf(request);
      const count = await endOtherSessions(
        await zitadelOf(request),
        subject,
        session?.zitadelSessionId,
        signal(),
      );
      await note(request, { ended: count }, undefined);
      return { ended: count };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/me/devices',
    config,
    schema: { summary: 'List my devices in NetBird', response: { 200: devices, ...schemas.problems } },
    handler: async (request) => {
      const { userId } = callerOf(request);
      const me = userId === undefined ? undefined : await getUser(database, userId);
      return showDevices(me ? await readDevices(integrations, me, signal()) : [], clock.now());
    },
  });
}
