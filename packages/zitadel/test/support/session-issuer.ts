import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, DrawbridgeError, Secret } from '@drawbridge/kit';
import { afterEach } from 'vitest';
import type { SignedIn, SignIn } from '../../src/index.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-session-'));
  folders.push(folder);
  return folder;
}

export const accessLifeMs = 3_600_000;

/** An issuer as Zitadel is one: a refresh ends the refresh token and the access token before it. */
export function sessionIssuer(clock: Clock) {
  let made = 0;
  const state = {
    /** The one token of each kind that is good. */
    access: undefined as string | undefined,
    refresh: undefined as string | undefined,
    outage: false,
    user: 'ada',
    /** What the person does when asked. */
    answer: 'allow' as 'allow' | 'deny',
    asked: 0,
    refreshes: 0,
    revoked: [] as string[],
  };
  const issue = (): SignedIn => {
    made += 1;
    state.access = `access-${made}`;
    state.refresh = `refresh-${made}`;
    return {
      subject: state.user,
      name: state.user,
      accessToken: new Secret(state.access),
      accessExpiresAt: clock.now() + accessLifeMs,
      refreshToken: new Secret(state.refresh),
      idToken: new Secret(`id-${made}`),
      idTokenExpiresAt: clock.now() + accessLifeMs,
    };
  };
  const requireUp = () => {
    if (state.outage) throw new DrawbridgeError('unreachable');
  };
  const ask = async (): Promise<SignedIn> => {
    requireUp();
    state.asked += 1;
    if (state.answer === 'deny') throw new DrawbridgeError('sign_in_denied');
    return issue();
  };
  const signIn: SignIn = {
    issuer: 'https://sso.acme.example',
    clientId: '322011',
    byDevice: ask,
    byBrowser: ask,
    async refresh(token) {
      requireUp();
      if (token.expose() !== state.refresh) throw new DrawbridgeError('session_ended');
      state.refreshes += 1;
      const { subject: _known, ...rest } = issue();
      return rest;
    },
    async revoke(token, hint) {
      requireUp();
      state.revoked.push(hint);
      if (token.expose() === state.refresh) state.refresh = undefined;
      if (token.expose() === state.access) state.access = undefined;
    },
    async userInfo() {
      return { sub: state.user };
    },
  };
  const interactive = (how: SignIn) => how.byDevice({ prompt: () => undefined });
  return { signIn, state, interactive };
}
