import type { FastifyRequest } from 'fastify';
import type { Transaction } from 'kysely';
import type { Schema, WebApplication } from '../database/index.ts';

/** A browser that is signed in. Its tokens stay behind the port. */
export interface BrowserSession {
  readonly id: string;
  readonly subject: string;
  /** Zitadel's own session of it, where it keeps one. */
  readonly zitadelSessionId: string | undefined;
  /** The application that it signed in through. */
  readonly application: WebApplication;
  readonly name: string;
  readonly email: string;
  /** What its pages send as `X-CSRF-Token` with every unsafe request. */
  readonly csrfToken: string;
  readonly acting: Acting | undefined;
}

/** The organization that a site administrator acts in, and the reason given for it. */
export interface Acting {
  readonly organizationId: string;
  readonly reason: string;
}

/** The API's port to whatever keeps cookie sessions. */
export interface BrowserSessions {
  /** The cookie of a request, if it has one. */
  cookieOf(request: Pick<FastifyRequest, 'headers'>): string | undefined;
  /**
   * The session of a request's cookie, proved and shown not to be caused by another site's page; nothing when it has ended.
   *
   * @throws {DrawbridgeError} `csrf_refused`, and when it cannot be told: nobody is let in then
   */
  of(request: FastifyRequest, signal: AbortSignal): Promise<BrowserSession | undefined>;
  /** Notes where a site administrator acts from now on, if anywhere. */
  act(trx: Transaction<Schema>, session: BrowserSession, acting: Acting | undefined): Promise<void>;
}
