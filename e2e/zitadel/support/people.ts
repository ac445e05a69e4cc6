import { randomUUID } from 'node:crypto';
import { type Clock, createHttpClient } from '@drawbridge/kit';
import { createSignIn, type SignIn } from '@drawbridge/zitadel';
import type { Started } from './start.ts';

const password = 'Correct-Horse1';

/** A native application and people who sign in to it, as their browsers would. */
export interface People {
  readonly clientId: string;
  /** A sign-in as a new process would make it; closed with the rest. */
  signIn(clock?: Clock): SignIn;
  /** Makes a user; the id is the login name as well. */
  add(id: string): Promise<void>;
  /** Decides about a waiting device on its page. */
  decide(userCode: string, loginName: string, decision?: 'allow' | 'deny'): Promise<void>;
  /** Walks the authorization code flow to its redirect, and follows that. */
  browse(url: string, loginName: string): Promise<{ readonly status: number; readonly text: string }>;
  close(): Promise<void>;
}

/** Adds people to an emulated Zitadel. */
export async function peopleOf({ emulator, zitadel, organizationId }: Started): Promise<People> {
  const projectId = randomUUID();
  await zitadel.projects.create({ organizationId, projectId, name: projectId });
  const { clientId } = await zitadel.applications.create({
    projectId,
    name: 'cli',
    oidcConfiguration: {
      redirectUris: ['http://127.0.0.1/callback'],
      responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
      grantTypes: [
        'OIDC_GRANT_TYPE_AUTHORIZATION_CODE',
        'OIDC_GRANT_TYPE_DEVICE_CODE',
        'OIDC_GRANT_TYPE_REFRESH_TOKEN',
      ],
      applicationType: 'OIDC_APP_TYPE_NATIVE',
      authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
    },
  });
  const http = createHttpClient();
  const { issuer } = emulator;
  const post = (path: string, form: Record<string, string>, cookie = '') =>
    fetch(new URL(path, issuer), {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
      redirect: 'manual',
    });
  return {
    clientId,
    signIn: (clock) => createSignIn({ issuer, clientId, http, ...(clock ? { clock } : {}) }),
    async add(id) {
      await zitadel.users.create({
        organizationId,
        userId: id,
        username: id,
        human: {
          profile: { givenName: 'Ada', familyName: 'L' },
          email: { email: `${id}@acme.example`, isVerified: true },
          password: { password },
        },
      });
    },
    async decide(userCode, loginName, decision = 'allow') {
      const answer = await post('/ui/login/device', { user_code: userCode, loginName, password, decision });
      if (answer.status !== 200) throw new Error(`the device page answered ${answer.status}`);
    },
    async browse(url, loginName) {
      const begun = await fetch(url, { redirect: 'manual' });
      const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
      const page = new URL(begun.headers.get('location') ?? '', issuer);
      const authRequestID = page.searchParams.get('authRequestID') ?? '';
      const back = await post('/ui/login/login', { authRequestID, loginName, password }, cookie);
      const answer = await fetch(back.headers.get('location') ?? '');
      return { status: answer.status, text: await answer.text() };
    },
    close: () => http.close(),
  };
}
