import { type Applications, createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';

/** An application that people sign in through. Neither has a secret: PKCE protects the code. */
export interface WebClient {
  readonly id: string;
  readonly clientId: string;
}

/** The applications of the console and of site administration. */
export interface WebClients {
  readonly projectId: string;
  readonly web: WebClient;
  readonly management: WebClient;
}

/** Makes sure of both applications. Where browsers come back to is set once the directory listens. */
export async function makeWebApplications(
  { applications }: Zitadel,
  projectId: string,
  signal: AbortSignal,
): Promise<WebClients> {
  return {
    projectId,
    web: await makeOne(applications, projectId, 'Drawbridge console', signal),
    management: await makeOne(applications, projectId, 'Drawbridge management', signal),
  };
}

async function makeOne(
  applications: Applications,
  projectId: string,
  name: string,
  signal: AbortSignal,
): Promise<WebClient> {
  const [known] = await applications.list({ projectId, name }, { signal }).all();
  if (known) return { id: known.applicationId, clientId: known.oidcConfiguration?.clientId ?? '' };
  return await applications.create(
    {
      projectId,
      name,
      oidcConfiguration: {
        applicationType: 'OIDC_APP_TYPE_WEB',
        authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
        responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
        grantTypes: ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
        // Zitadel takes plain http for a web application in development mode only.
        developmentMode: true,
        ...addresses('http://127.0.0.1'),
      },
    },
    { signal },
  );
}

/** Tells Zitadel where the directory is, whose port may be another at each start. */
export async function pointWebApplications(
  { issuer, ownerKey }: { readonly issuer: string; readonly ownerKey: string },
  { projectId, web, management }: WebClients,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  const zitadel = createZitadel({ issuer, credentials: parseServiceAccount(ownerKey) });
  try {
    for (const { id } of [web, management]) {
      await zitadel.applications.update(
        { applicationId: id, projectId, oidcConfiguration: addresses(directory) },
        { signal },
      );
    }
  } finally {
    await zitadel.close();
  }
}

function addresses(directory: string) {
  return {
    redirectUris: [`${directory}/auth/callback`],
    postLogoutRedirectUris: [`${directory}/auth/signed-out`],
    backChannelLogoutUri: `${directory}/auth/back-channel-logout`,
  };
}
