import { createHttpClient, DrawbridgeError, type HttpClient, type Logger } from '@drawbridge/kit';
import {
  createVerifier,
  type IntrospectionClient,
  parseApplicationKey,
  type TokenVerifier,
} from '@drawbridge/zitadel';
import type { Selectable } from 'kysely';
import type { Database, IntegrationTable } from '../database/index.ts';
import { resolveReference } from './references.ts';

type Integration = Selectable<IntegrationTable>;

export interface AuthenticatorOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly allowInsecure?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

interface Opened {
  readonly verifier: TokenVerifier;
  readonly http: HttpClient;
}

/** Proves callers' tokens at the Zitadel of the integration that is set up. */
export class ZitadelAuthenticator {
  readonly #options: AuthenticatorOptions;
  #opened: { readonly id: string; readonly value: Promise<Opened> } | undefined;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * @returns the token's subject, or nothing when it is not accepted
   * @throws {DrawbridgeError} what the verifier throws when it cannot tell; `invalid_settings` without an integration
   */
  async subjectOf(token: string, signal: AbortSignal): Promise<string | undefined> {
    const { verifier } = await this.#current();
    const answer = await verifier.verify(token, { signal });
    if (answer.active) return answer.subject;
    this.#options.logger.info({ component: 'api', code: answer.reason }, 'a token was not accepted');
    return undefined;
  }

  async close(): Promise<void> {
    await this.#opened?.value.then(
      ({ http }) => http.close(),
      () => undefined,
    );
  }

  async #current(): Promise<Opened> {
    const integration = await this.#options.database.read((db) =>
      db
        .selectFrom('system_integrations')
        .selectAll()
        .where('type', '=', 'zitadel')
        .orderBy('created_at')
        .limit(1)
        .executeTakeFirst(),
    );
    if (!integration)
      throw new DrawbridgeError('invalid_settings', { message: 'No Zitadel is integrated yet.' });
    const id = `${integration.id} ${integration.updated_at.getTime()}`;
    if (this.#opened?.id !== id) {
      const former = this.#opened;
      const value = this.#open(integration);
      this.#opened = { id, value };
      // A failed opening is not remembered: the next request tries again.
      value.catch(() => {
        if (this.#opened?.value === value) this.#opened = undefined;
      });
      void former?.value.then(
        ({ http }) => http.close(),
        () => undefined,
      );
    }
    return await (this.#opened?.value ?? this.#open(integration));
  }

  async #open(integration: Integration): Promise<Opened> {
    const { issuer, address, project_id: projectId } = integration;
    if (projectId === null)
      throw new DrawbridgeError('invalid_settings', { message: 'The integration names no project.' });
    const http = createHttpClient({
      userAgent: 'drawbridge-directory',
      ...(address ? { addresses: { [issuer]: address } } : {}),
    });
    const verifier = createVerifier({
      issuer,
      audience: projectId,
      client: await this.#client(integration),
      http,
      ...(this.#options.allowInsecure ? { allowInsecure: true } : {}),
    });
    return { verifier, http };
  }

  /** `client_secret` refers to an application key, or to a plain secret where the integration has only that. */
  async #client({
    client_id: clientId,
    client_secret: reference,
    name,
  }: Integration): Promise<IntrospectionClient> {
    if (reference === null) throw new DrawbridgeError('secret_unavailable', { where: name });
    const secret = await resolveReference(reference, this.#options.env);
    if (secret.expose().trimStart().startsWith('{')) return parseApplicationKey(secret.expose());
    if (clientId === null)
      throw new DrawbridgeError('invalid_settings', {
        message: 'The integration has a client secret but no client id.',
      });
    return { type: 'basic', clientId, clientSecret: secret.map((text) => text.trim()) };
  }
}
