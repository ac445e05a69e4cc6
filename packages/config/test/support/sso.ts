import { randomUUID } from 'node:crypto';
import {
  createOpenbaoEmulator,
  createZitadelEmulator,
  type OpenbaoEmulator,
  type ZitadelEmulator,
} from '@drawbridge/emulators';
import { type Clock, createHttpClient, type Secret, systemClock } from '@drawbridge/kit';
import {
  applyOpenbao,
  createOpenbao,
  type HarmonySetup,
  harmonySetup,
  type Openbao,
  planOpenbao,
} from '@drawbridge/openbao';
import {
  createSignIn,
  createTokenSource,
  createUserSession,
  createZitadel,
  openSessionStore,
  parseServiceAccount,
  type UserSession,
} from '@drawbridge/zitadel';

const password = 'Correct-Horse1';

/** A clock that is off by so many milliseconds, and waits as the machine does. */
class OffsetClock implements Clock {
  offsetMs = 0;
  readonly sleep = systemClock.sleep;

  now(): number {
    return Date.now() + this.offsetMs;
  }
}

/** An emulated Zitadel with people, and an emulated OpenBao that takes their tokens. */
export interface Sso {
  readonly zitadel: ZitadelEmulator;
  readonly clientId: string;
  /** This machine's clock, and OpenBao's. */
  readonly clock: OffsetClock;
  readonly openbaoClock: OffsetClock;
  /** The present one: see `restart`. */
  openbao(): OpenbaoEmulator;
  /** OpenBao with its root token. */
  root(): Openbao;
  /** Writes methods, policies and roles as `setup openbao` does. */
  setUp(more?: Pick<HarmonySetup, 'ci'>): Promise<void>;
  /** Ends OpenBao with all that it held, and starts another one at the same place. */
  restart(): Promise<void>;
  /** Moves everybody's clock. */
  pass(ms: number): void;
  addUser(id: string): Promise<void>;
  /** The session of whoever sits at this machine, and how often they were asked. */
  person(
    folder: string,
    loginName?: string,
  ): Promise<{ readonly session: UserSession; readonly asked: () => number }>;
  /** What to give as `request` so that the person at the terminal signs in as somebody. */
  asking(loginName: string, onAsked?: () => void): NonNullable<Parameters<UserSession['get']>[0]>;
  /** JWT access tokens of a service account. */
  machine(): Promise<Secret>;
  stop(): Promise<void>;
}

/** Starts both and joins them. */
export async function startSso(): Promise<Sso> {
  const openbaoClock = new OffsetClock();
  const clock = new OffsetClock();
  const zitadel = createZitadelEmulator();
  const http = createHttpClient();
  await zitadel.start();
  const key = JSON.stringify(zitadel.bootstrap.serviceAccountKey);
  const client = createZitadel({ issuer: zitadel.issuer, credentials: parseServiceAccount(key) });
  const { organizationId } = zitadel.bootstrap;
  const projectId = randomUUID();
  await client.projects.create({ organizationId, projectId, name: projectId });
  const { clientId } = await client.applications.create({
    projectId,
    name: 'cli',
    oidcConfiguration: {
      responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
      grantTypes: ['OIDC_GRANT_TYPE_DEVICE_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
      applicationType: 'OIDC_APP_TYPE_NATIVE',
      authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
    },
  });
  await client.users.create({
    organizationId,
    userId: 'ci',
    username: 'ci',
    machine: { name: 'CI', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
  });
  const added = await client.users.addKey('ci', { expiresAt: new Date(Date.now() + 86_400_000) });
  const machine = createTokenSource({
    issuer: zitadel.issuer,
    credentials: parseServiceAccount(added.keyFile?.expose() ?? ''),
    fetch: http.fetch,
    scope: `openid urn:zitadel:iam:org:project:id:${projectId}:aud`,
  });
  let openbao = createOpenbaoEmulator({ clock: openbaoClock });
  await openbao.start();
  const port = Number(new URL(openbao.url).port);
  let root = createOpenbao({ url: openbao.url, token: openbao.bootstrap.rootToken });

  const asking: Sso['asking'] = (loginName, onAsked = () => undefined) => ({
    terminal: true,
    interactive: (how) =>
      how.byDevice({
        prompt: ({ userCode }) => {
          onAsked();
          decide(zitadel.issuer, userCode, loginName).catch(() => undefined);
        },
      }),
  });
  return {
    zitadel,
    clientId,
    clock,
    openbaoClock,
    openbao: () => openbao,
    root: () => root,
    async setUp(more = {}) {
      const wanted = harmonySetup({ issuer: zitadel.issuer, audiences: [clientId, projectId], ...more });
      await applyOpenbao(root, await planOpenbao(root, wanted));
    },
    async restart() {
      await root.close();
      await openbao.stop();
      openbao = createOpenbaoEmulator({ clock: openbaoClock, port });
      await openbao.start();
      root = createOpenbao({ url: openbao.url, token: openbao.bootstrap.rootToken });
    },
    pass(ms) {
      clock.offsetMs += ms;
      openbaoClock.offsetMs += ms;
      zitadel.controls.set({ clockOffsetMs: zitadel.controls.clockOffsetMs + ms });
    },
    async addUser(id) {
      await client.users.create({
        organizationId,
        userId: id,
        username: id,
        human: {
          profile: { givenName: id, familyName: 'L' },
          email: { email: `${id}@acme.example`, isVerified: true },
          password: { password },
        },
      });
    },
    async person(folder) {
      const hasty: Clock = { now: () => clock.now(), sleep: (_ms, signal) => systemClock.sleep(10, signal) };
      let asked = 0;
      const signIn = createSignIn({ issuer: zitadel.issuer, clientId, http, clock: hasty });
      const store = await openSessionStore({ folder, keyring: false });
      const made = createUserSession({ signIn, store, clock });
      const session: UserSession = {
        ...made,
        get: (request = {}) => {
          const { interactive } = request;
          const counted = interactive && {
            interactive: (how: Parameters<typeof interactive>[0]) => {
              asked++;
              return interactive(how);
            },
          };
          return made.get({ ...request, ...counted });
        },
      };
      return { session, asked: () => asked };
    },
    asking,
    machine: () => machine.get(),
    async stop() {
      machine.close();
      await client.close();
      await root.close();
      await openbao.stop();
      await zitadel.stop();
      await http.close();
    },
  };
}

/** Decides about a waiting device on its page, as a browser elsewhere would. */
async function decide(issuer: string, userCode: string, loginName: string): Promise<void> {
  const form = { user_code: userCode, loginName, password, decision: 'allow' };
  const answer = await fetch(new URL('/ui/login/device', issuer), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  if (answer.status !== 200) throw new Error(`the device page answered ${answer.status}`);
}
