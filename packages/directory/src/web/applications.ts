import { type Clock, DrawbridgeError, type Secret } from '@drawbridge/kit';
import { createLogoutVerifier, createWebSignIn, type WebSignIn, type Zitadel } from '@drawbridge/zitadel';
import type { WebApplication } from '../database/index.ts';
import type { Integration } from '../integrations/index.ts';

/** What sign-in needs of the integrations. */
export interface Integrations {
  /** The Zitadel that people sign in at. */
  primary(): Promise<Integration>;
  client(integration: Integration): Promise<Pick<Zitadel, 'fetch'>>;
}

export interface ApplicationsOptions {
  readonly integrations: Integrations;
  /** The secret behind what a column of the integration holds. */
  readonly secretOf: (integration: Integration, column: SecretColumn) => Promise<Secret | undefined>;
  readonly clock: Clock;
  readonly allowInsecure?: boolean;
}

/** The columns of `system_integrations` with the applications' secrets. */
export type SecretColumn = 'web_client_secret' | 'management_client_secret';

/** The applications of an integration, as they were at one version of its row. */
interface Opened {
  readonly version: string;
  readonly signIns: Map<WebApplication, Promise<WebSignIn>>;
  readonly verifyLogout: ReturnType<typeof createLogoutVerifier>;
}

/** The two applications that people sign in through, opened from the integration's row and again when it has changed. */
export class WebApplications {
  readonly #options: ApplicationsOptions;
  #opened: Opened | undefined;

  constructor(options: ApplicationsOptions) {
    this.#options = options;
  }

  /**
   * @throws {DrawbridgeError} `sign_in_not_set_up` when the integration names no such application
   */
  async signIn(
    application: WebApplication,
  ): Promise<{ readonly signIn: WebSignIn; readonly integration: Integration }> {
    const integration = await this.#options.integrations.primary();
    const { signIns } = await this.#open(integration);
    let signIn = signIns.get(application);
    if (!signIn) {
      signIn = this.#make(application, integration);
      signIns.set(application, signIn);
      // A failed opening is not remembered: the next one tries again.
      signIn.catch(() => signIns.delete(application));
    }
    return { signIn: await signIn, integration };
  }

  /** What a logout token asks for, with the integration whose it is; nothing for one that is not accepted. */
  async logoutRequest(token: string, signal: AbortSignal) {
    const integration = await this.#options.integrations.primary();
    const { verifyLogout } = await this.#open(integration);
    const clientIds = [integration.web_client_id, integration.management_client_id].filter(
      (id) => id !== null,
    );
    const asked = await verifyLogout(token, clientIds, signal);
    return asked && { integration, asked };
  }

  async #open(integration: Integration): Promise<Opened> {
    const version = `${integration.id} ${integration.updated_at.getTime()}`;
    if (this.#opened?.version === version) return this.#opened;
    const { integrations, clock } = this.#options;
    const { fetch } = await integrations.client(integration);
    const { issuer } = integration;
    this.#opened = {
      version,
      signIns: new Map(),
      verifyLogout: createLogoutVerifier({ issuer, fetch, clock }),
    };
    return this.#opened;
  }

  async #make(application: WebApplication, integration: Integration): Promise<WebSignIn> {
    const { integrations, secretOf, clock, allowInsecure } = this.#options;
    const [clientId, column] =
      application === 'console'
        ? ([integration.web_client_id, 'web_client_secret'] as const)
        : ([integration.management_client_id, 'management_client_secret'] as const);
    if (clientId === null) {
      throw new DrawbridgeError('sign_in_not_set_up', {
        message: `The integration ${integration.name} names no application to sign in to the ${application} with.`,
      });
    }
    const clientSecret = await secretOf(integration, column);
    return createWebSignIn({
      issuer: integration.issuer,
      clientId,
      http: await integrations.client(integration),
      clock,
      ...(clientSecret ? { clientSecret } : {}),
      ...(allowInsecure ? { allowInsecure } : {}),
    });
  }
}
