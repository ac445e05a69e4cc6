import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Database } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { CreateUserInput } from '../provisioning/index.ts';
import type { Saga, SagaEngine } from '../saga/index.ts';

/** What the routes are made of. */
export interface ApiServices {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly engine: SagaEngine;
  readonly createUserSaga: Saga<CreateUserInput>;
  /** Aborts when the server begins to stop. */
  readonly closing: AbortSignal;
}

/** The app, with its routes typed by their zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;
