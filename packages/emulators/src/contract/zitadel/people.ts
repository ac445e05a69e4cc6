import assert from 'node:assert/strict';
import { human, humanFields, inAnHour, machine, organization } from './fixtures.ts';
import type { ContractTarget } from './target.ts';
import { eventually, postForm, Wire } from './wire.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const password = 'Correct-Horse1';

/** A person who is signed in at a login of ours, and what that login may do. */
export interface Login {
  readonly login: Wire;
  readonly organizationId: string;
  readonly userId: string;
  readonly session: { readonly sessionId: string; readonly sessionToken: string };
}

/** Makes a person, and a login in which they sign in. */
export async function signIn(wire: Wire): Promise<Login> {
  const organizationId = await organization(wire);
  const userId = await human(wire, organizationId, {
    human: { ...humanFields('device@example.com'), password: { password } },
  });
  const key = await machine(wire, organizationId);
  const loginClient = { userId: key.userId, resource: { instance: true } };
  await wire.call('administrator', 'CreateAdministrator', { ...loginClient, roles: ['IAM_LOGIN_CLIENT'] });
  wire.undo('administrator', 'DeleteAdministrator', loginClient);
  const { token = '' } = await wire.call('user', 'AddPersonalAccessToken', {
    userId: key.userId,
    expirationDate: inAnHour(),
  });
  const login = new Wire(wire.target, token);
  const checks = { user: { userId }, password: { password } };
  const { sessionId = '', sessionToken = '' } = await eventually(() =>
    login.call('session', 'CreateSession', { checks }),
  );
  return { login, organizationId, userId, session: { sessionId, sessionToken } };
}

/** An application without a secret, as a command line has, whose lookup may lag. */
export async function nativeApp(
  wire: Wire,
  projectId: string,
  name: string,
  extra: object = {},
): Promise<string> {
  const { oidcConfiguration } = await wire.call('application', 'CreateApplication', {
    projectId,
    name,
    oidcConfiguration: {
      responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
      grantTypes: ['OIDC_GRANT_TYPE_DEVICE_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
      applicationType: 'OIDC_APP_TYPE_NATIVE',
      authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
      ...extra,
    },
  });
  const clientId = oidcConfiguration?.clientId ?? '';
  await eventually(async () => assert.equal((await begin(wire.target, clientId)).status, 200));
  return clientId;
}

/** Begins a device's sign-in. */
export const begin = (target: ContractTarget, clientId: string) =>
  postForm(target, '/oauth/v2/device_authorization', {
    client_id: clientId,
    scope: 'openid offline_access unheard-of',
  });

/** Asks whether the device may have its tokens. */
export const poll = (target: ContractTarget, clientId: string, code: unknown) =>
  postForm(target, '/oauth/v2/token', {
    grant_type: deviceGrant,
    client_id: clientId,
    device_code: String(code),
  });

/** The waiting request of a device: the projection may lag. */
export const waiting = (login: Wire, userCode: unknown) =>
  eventually(() => login.call('oidc', 'GetDeviceAuthorizationRequest', { userCode }));

/** Tokens of the person, for an application. */
export async function tokens({ login, session }: Login, clientId: string) {
  const { body } = await begin(login.target, clientId);
  const { deviceAuthorizationRequest } = await waiting(login, body.user_code);
  await login.call('oidc', 'AuthorizeOrDenyDeviceAuthorization', {
    deviceAuthorizationId: deviceAuthorizationRequest?.id,
    session,
  });
  const answer = await poll(login.target, clientId, body.device_code);
  assert.equal(answer.status, 200, answer.body.error_description);
  return { access: answer.body.access_token ?? '', refresh: answer.body.refresh_token ?? '' };
}
