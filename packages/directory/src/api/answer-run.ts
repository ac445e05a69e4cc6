import { DrawbridgeError } from '@drawbridge/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { getUser, type StartedRun } from '../users/index.ts';
import { preferredWait, settledRun } from './prefer.ts';
import type { ApiServices } from './services.ts';
import { showRun, showUser } from './views.ts';

/** The body of a 202: the run that was started and, while there is one, its user. */
export async function answerRun(
  { database, engine, closing }: ApiServices,
  request: FastifyRequest,
  reply: FastifyReply,
  { runId }: Pick<StartedRun, 'runId'>,
) {
  const wait = preferredWait(request.headers.prefer as string | undefined);
  const { run, steps } = await settledRun(database, engine.clock, runId, wait ?? 0, closing);
  if (wait !== undefined) void reply.header('preference-applied', `wait=${wait}`);
  void reply.status(202).header('location', `/api/runs/${runId}`);
  return showRun(run, steps, engine);
}

/** The user of a started run. @throws {DrawbridgeError} `not_found` where it is gone again */
export async function answerUser({ database }: ApiServices, { userId }: StartedRun) {
  const user = await getUser(database, userId);
  if (!user) throw new DrawbridgeError('not_found', { message: 'The user was removed since.' });
  return showUser(user);
}
