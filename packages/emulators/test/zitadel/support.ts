import {
  type ContractTarget,
  createZitadelEmulator,
  type ZitadelEmulator,
  type ZitadelEmulatorOptions,
} from '@drawbridge/emulators';
import { createHttpClient } from '@drawbridge/kit';
import { afterAll, beforeAll } from 'vitest';

/** A call's answer, as a test looks at it. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** An emulator for the tests of one file, its service account's token at hand. */
export function emulatorForTests(options: ZitadelEmulatorOptions = {}) {
  const emulator = createZitadelEmulator(options);
  const http = createHttpClient();
  let token = '';

  beforeAll(async () => {
    await emulator.start();
    token = await serviceAccountToken(emulator);
  });
  afterAll(async () => {
    await emulator.stop();
    await http.close();
  });

  return {
    emulator,
    fetch: http.fetch,
    get token() {
      return token;
    },
    /** Calls `service/method` as the service account, or as whoever the token belongs to. */
    call: (method: string, body: unknown = {}, as = token) =>
      post(http.fetch, `${emulator.issuer}/${method}`, body, as),
  };
}

/** Posts JSON and reads JSON. */
export async function post(
  fetch: ContractTarget['fetch'],
  url: string,
  body: unknown,
  token: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const json = answer.headers.get('content-type')?.startsWith('application/json');
  return {
    status: answer.status,
    headers: answer.headers,
    body: (json ? JSON.parse(text) : { text }) as Record<string, unknown>,
  };
}

/** A token of the emulator's own service account. */
export async function serviceAccountToken(emulator: ZitadelEmulator): Promise<string> {
  const { SignJWT } = await import('jose');
  const { createPrivateKey } = await import('node:crypto');
  const { userId, keyId, key } = emulator.bootstrap.serviceAccountKey;
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256', kid: keyId })
    .setIssuer(userId)
    .setSubject(userId)
    .setAudience(emulator.issuer)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(createPrivateKey(key));
  const answer = await fetch(`${emulator.issuer}/oauth/v2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
      scope: 'openid urn:zitadel:iam:org:project:id:zitadel:aud',
    }),
  });
  const body = (await answer.json()) as { access_token: string };
  return body.access_token;
}

export const user = (name: string) => `zitadel.user.v2.UserService/${name}`;
export const organization = (name: string) => `zitadel.org.v2.OrganizationService/${name}`;
export const project = (name: string) => `zitadel.project.v2.ProjectService/${name}`;
export const application = (name: string) => `zitadel.application.v2.ApplicationService/${name}`;
export const authorization = (name: string) => `zitadel.authorization.v2.AuthorizationService/${name}`;
export const session = (name: string) => `zitadel.session.v2.SessionService/${name}`;
export const action = (name: string) => `zitadel.action.v2.ActionService/${name}`;
