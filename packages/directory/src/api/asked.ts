import type { FastifyRequest } from 'fastify';
import type { Asked } from '../users/index.ts';
import { callerOf } from './access.ts';

/** Who asks for something, and why, as runs and audit keep it. */
export function askedBy(request: FastifyRequest, reason?: string): Asked {
  return {
    actor: callerOf(request).subject,
    requestId: request.id,
    ...(reason === undefined ? {} : { reason }),
  };
}
