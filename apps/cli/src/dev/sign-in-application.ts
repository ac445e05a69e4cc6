import type { Zitadel } from '@drawbridge/zitadel';

const name = 'Drawbridge command';

/**
 * Makes sure of the application that people sign in to with the command: by device code, or by a browser of the same machine. Its
 * tokens name the roles of who signs in, so that OpenBao can tell teams apart.
 *
 * @returns its client id
 */
export async function makeSignInApplication(
  { applications }: Zitadel,
  projectId: string,
  signal: AbortSignal,
): Promise<string> {
  const [known] = await applications.list({ projectId, name }, { signal }).all();
  if (known?.oidcConfiguration?.clientId) return known.oidcConfiguration.clientId;
  const { clientId } = await applications.create(
    {
      projectId,
      name,
      oidcConfiguration: {
        applicationType: 'OIDC_APP_TYPE_NATIVE',
        // A program on somebody's machine can keep no secret.
        authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
        responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
        grantTypes: [
          'OIDC_GRANT_TYPE_DEVICE_CODE',
          'OIDC_GRANT_TYPE_AUTHORIZATION_CODE',
          'OIDC_GRANT_TYPE_REFRESH_TOKEN',
        ],
        redirectUris: ['http://127.0.0.1/callback'],
        // kube-apiserver reads the access token itself.
        accessTokenType: 'OIDC_TOKEN_TYPE_JWT',
        accessTokenRoleAssertion: true,
        idTokenRoleAssertion: true,
      },
    },
    { signal },
  );
  return clientId;
}
