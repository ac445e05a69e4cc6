import { verifyPassword } from '../crypto.ts';
import { redirect } from '../edges/http.ts';
import type { Kernel } from '../kernel.ts';
import { objectState, type UserRow, userState } from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import { timestamp } from '../wire/index.ts';
import { type Authentication, authRequestsOf } from './auth-requests.ts';
import { findOidcClient, type OidcClient } from './clients.ts';
import { loginCookie, sendLoginPage, sendMessagePage } from './login-page.ts';
import { organizationOfScopes } from './scopes.ts';
import type { OidcRequest } from './server.ts';

/** The sign-in page: GET shows the form, POST checks it and sends the browser back with a code. */
export async function login({ kernel, exchange, form }: OidcRequest): Promise<void> {
  const browser = cookieOf(exchange.request.headers.cookie, loginCookie);
  const request = authRequestsOf(kernel).get(form.get('authRequestID') ?? '', browser);
  const client = request && findOidcClient(kernel, request.clientId);
  if (!request || !client) {
    const text = 'This sign-in has ended or was begun in another browser. Go back to the application.';
    return sendMessagePage(exchange, 400, 'Sign-in not found', text);
  }
  const page = {
    authRequestId: request.id,
    applicationName: client.app.name,
    loginName: form.get('loginName') ?? request.loginHint ?? '',
  };
  if (exchange.method !== 'POST') return sendLoginPage(exchange, 200, page);
  const user = await signInWithPassword(
    kernel,
    request.scope,
    form.get('loginName') ?? '',
    form.get('password') ?? '',
  );
  if (!user) {
    // One sentence for an unknown name and a wrong password: it must not tell which names exist.
    return sendLoginPage(exchange, 400, { ...page, problem: 'Login name or password is wrong.' });
  }
  const refusal = refusalOf(kernel, client, user);
  if (refusal) return sendLoginPage(exchange, 403, { ...page, problem: refusal });
  const authentication = startSession(kernel, exchange.request.headers['user-agent'], user);
  const code = authRequestsOf(kernel).complete(kernel, request, authentication);
  await kernel.log.flushed();
  const target = new URL(request.redirectUri);
  target.searchParams.set('code', code);
  if (request.state !== undefined) target.searchParams.set('state', request.state);
  redirect(exchange.response, target.href, { 'cache-control': 'no-store' });
}

/** The user who signs in; a sign-in bound to an organization knows only that organization's users. */
export async function signInWithPassword(
  kernel: Kernel,
  scope: readonly string[],
  loginName: string,
  password: string,
): Promise<UserRow | undefined> {
  const id = kernel.lagging.usernames.get(loginName.trim().toLowerCase()) ?? '';
  const user = kernel.fresh.users.get(id);
  const organizationId = organizationOfScopes(scope, kernel.fresh);
  const eligible =
    user?.human &&
    user.state === userState.active &&
    kernel.fresh.organizations.get(user.organizationId)?.state === objectState.active &&
    (organizationId === undefined || organizationId === user.organizationId);
  if (!eligible || !user.human) return undefined;
  const correct = await verifyPassword(password, user.human.passwordHash);
  kernel.push(user.id, [
    {
      aggregateType: 'user',
      aggregateId: user.id,
      resourceOwner: user.organizationId,
      type: correct ? 'user.human.password.check.succeeded' : 'user.human.password.check.failed',
      payload: {},
    },
  ]);
  return correct ? user : undefined;
}

/** Projects may ask for an authorization, or for a grant to the user's organization (internal/query/user_grant.go). */
export function refusalOf(kernel: Kernel, { project }: OidcClient, user: UserRow): string | undefined {
  const grantedTo = project.grants.get(user.organizationId)?.state === objectState.active;
  if (project.accessRequired && project.organizationId !== user.organizationId && !grantedTo) {
    return 'Your organization has no access to this application.';
  }
  if (!project.authorizationRequired) return undefined;
  const authorized = [...(kernel.fresh.authorizationsOfUser.get(user.id) ?? [])].some((id) => {
    const row = kernel.fresh.authorizations.get(id);
    return row?.projectId === project.id && row.state === objectState.active;
  });
  return authorized ? undefined : 'You have no access to this application.';
}

/** Starts the login session of someone who has just signed in. */
export function startSession(kernel: Kernel, userAgent: string | undefined, user: UserRow): Authentication {
  const sessionId = kernel.newId();
  const of = {
    aggregateType: 'session',
    aggregateId: sessionId,
    resourceOwner: kernel.fresh.instance.id,
  } as const;
  const authTime = kernel.now();
  const checkedAt = timestamp(authTime);
  const drafts: AnyDraft[] = [
    {
      ...of,
      type: 'session.added',
      payload: userAgent === undefined ? {} : { userAgent: { description: userAgent } },
    },
    {
      ...of,
      type: 'session.user.checked',
      payload: { userID: user.id, userResourceOwner: user.organizationId, checkedAt },
    },
    { ...of, type: 'session.password.checked', payload: { checkedAt } },
    { ...of, type: 'session.token.set', payload: { tokenID: kernel.newId() } },
  ];
  kernel.push(user.id, drafts);
  return { userId: user.id, sessionId, authTime };
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=');
    if (key === name) return value;
  }
  return undefined;
}
