import { type Clock, DrawbridgeError, type Logger } from '@drawbridge/kit';
import {
  createVerifier,
  type IntrospectionClient,
  parseApplicationKey,
  type RevocationFeed,
  type TokenVerifier,
} from '@drawbridge/zitadel';
import type { Sealer } from '../sealing/index.ts';
import { resolveReference } from './references.ts';
import type { IntegrationRegistry } from './registry.ts';
import type { Integration } from './tenant.ts';

export interface AuthenticatorOptions {
  readonly integrations: IntegrationRegistry;
  readonly logger: Logger;
  readonly sealer: Sealer;
  /** What is known to have ended of an integration's tokens. Default: nothing, and each token is asked about. */
  readonly revocations?: (integrationId: string) => RevocationFeed;
  readonly clock: Clock;
  readonly allowInsecure?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** Proves callers' tokens at the Zitadel of the integration that is set up. */
export class ZitadelAuthenticator {
  readonly #options: AuthenticatorOptions;
  #known: { readonly version: string; readonly verifier: Promise<TokenVerifier> } | undefined;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * @returns the token's subject, or nothing when it is not accepted
   * @throws {DrawbridgeError} what the verifier throws when it cannot tell; `invalid_settings` without an integration
   */
  async subjectOf(token: string, signal: AbortSignal): Promise<string | undefined> {
    const verifier = await this.#verifier();
    const answer = await verifier.verify(token, { signal });
    if (answer.active) return answer.subject;
    this.#options.logger.info({ component: 'api', code: answer.reason }, 'a token was not accepted');
    return undefined;
  }

  async #verifier(): Promise<TokenVerifier> {
    const integration = await this.#options.integrations.primary();
    const version = `${integration.id} ${integration.updated_at.getTime()}`;
    if (this.#known?.version === version) return await this.#known.verifier;
    const verifier = this.#open(integration);
    const known = { version, verifier };
    this.#known = known;
    // A failed opening is not remembered: the next request tries again.
    verifier.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return await verifier;
  }

  async #open(integration: Integration): Promise<TokenVerifier> {
    if (integration.project_id === null) {
      throw new DrawbridgeError('invalid_settings', { message: 'The integration names no project.' });
    }
    return createVerifier({
      issuer: integration.issuer,
      audience: integration.project_id,
      clock: this.#options.clock,
      client: await this.#client(integration),
      // The integration's own client, so that introspection counts towards the one budget of the instance.
      http: await this.#options.integrations.client(integration),
      ...(this.#options.revocations ? { revocations: this.#options.revocations(integration.id) } : {}),
      ...(this.#options.allowInsecure ? { allowInsecure: true } : {}),
    });
  }

  /** `client_secret` refers to an application key, or to a plain secret where the integration has only that. */
  async #client({
    id,
    client_id: clientId,
    client_secret: reference,
    name,
  }: Integration): Promise<IntrospectionClient> {
    if (reference === null) throw new DrawbridgeError('secret_unavailable', { where: name });
    const secret = await resolveReference(
      reference,
      { purpose: 'system_integrations.client_secret', row: id },
      this.#options,
    );
    if (secret.expose().trimStart().startsWith('{')) return parseApplicationKey(secret.expose());
    if (clientId === null) {
      throw new DrawbridgeError('invalid_settings', {
        message: 'The integration has a client secret but no client id.',
      });
    }
    return { type: 'basic', clientId, clientSecret: secret.map((text) => text.trim()) };
  }
}
