import { failedPrecondition, invalidArgument, notFound, permissionDenied, RpcError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { type HumanRow, type SessionRow, userState } from '../projections/index.ts';
import type { AnyDraft, UserAgentFields } from '../store/index.ts';
import { decodeBase32, totpMatches } from '../totp.ts';
import { invalid, type Message, timestamp } from '../wire/index.ts';
import { type Call, detailsOf, type Handler } from './call.ts';
import { sessionMessage } from './session-list.ts';
import { checkPassword } from './user-password.ts';

/** CreateSession (internal/command/session.go); the right is asked on the instance, whoever is checked. */
export const createSession: Handler = async (call, input) => {
  const id = call.kernel.newId();
  const drafts: AnyDraft[] = [];
  const userAgent = userAgentOf(input.message('userAgent'));
  drafts.push({
    ...aggregate(call.kernel, id),
    type: 'session.added',
    payload: userAgent ? { userAgent } : {},
  });
  const checked = await checkDrafts(call, input.message('checks'), id, undefined);
  call.require('session.write', '');
  drafts.push(...checked.drafts, ...settingDrafts(call, input, id));
  const { token, draft } = tokenDraft(call, id);
  const event = call.push(...drafts, draft);
  return { details: detailsOf(event), sessionId: id, sessionToken: token };
};

/** SetSession: more checks, and a new token every time. */
export const setSession: Handler = async (call, input) => {
  const row = call.fresh.sessions.get(input.id('sessionId'));
  if (!row) throw failedPrecondition('COMMAND-Hewfq', 'Errors.Session.Terminated');
  if (row.expiresAt !== undefined && row.expiresAt <= call.kernel.now()) {
    throw failedPrecondition('COMMAND-Hkl3d', 'Errors.Session.Expired');
  }
  call.require('session.write', row.userOrganizationId);
  const checked = await checkDrafts(call, input.message('checks'), row.id, row);
  const { token, draft } = tokenDraft(call, row.id);
  const event = call.push(...checked.drafts, ...settingDrafts(call, input, row.id), draft);
  return { details: detailsOf(event), sessionToken: token };
};

/** GetSession waits for the projection; its own token, its user and its creator may read it. */
export const getSession: Handler = (call, input) => {
  const row = call.fresh.sessions.get(input.id('sessionId'));
  if (!row) throw notFound('QUERY-SFeaa', 'Errors.Session.NotExisting');
  const token = input.optionalString('sessionToken');
  if (token !== undefined) requireToken(call.kernel, row, token);
  else if (row.userId !== call.caller.userId && row.creator !== call.caller.userId) {
    call.require('session.read', row.userOrganizationId);
  }
  return { session: sessionMessage(call.fresh, row) };
};

/** DeleteSession: unknown and terminated answer as if it had just been done (internal/command/session.go). */
export const deleteSession: Handler = (call, input) => {
  const id = input.id('sessionId');
  const row = call.fresh.sessions.get(id);
  const token = input.optionalString('sessionToken');
  if (row && token !== undefined && token !== '') requireToken(call.kernel, row, token);
  else if (row?.userId !== call.caller.userId) call.require('session.delete', row?.userOrganizationId ?? '');
  if (!row) return { details: {} };
  return {
    details: detailsOf(
      call.push({
        ...aggregate(call.kernel, id),
        type: 'session.terminated',
        payload: { triggerOrigin: call.issuer },
      }),
    ),
  };
};

interface Checked {
  readonly drafts: readonly AnyDraft[];
  readonly organizationId: string;
}

async function checkDrafts(
  call: Call,
  checks: Message | undefined,
  id: string,
  session: SessionRow | undefined,
): Promise<Checked> {
  const drafts: AnyDraft[] = [];
  const now = timestamp(call.kernel.now());
  const asked = checks?.message('user');
  const user = asked
    ? userOf(call, asked)
    : session?.userId
      ? call.fresh.users.get(session.userId)
      : undefined;
  if (asked && user) {
    if (user.state !== userState.active) throw failedPrecondition('SESSION-Gj4ko', 'Errors.User.NotActive');
    if (session?.userId && session.userId !== user.id) {
      throw new RpcError('invalid_argument', 'user change not possible');
    }
    const payload = { userID: user.id, userResourceOwner: user.organizationId, checkedAt: now };
    drafts.push({ ...aggregate(call.kernel, id), type: 'session.user.checked', payload });
  }
  const password = checks?.message('password');
  if (password) {
    if (!user?.human) throw failedPrecondition('COMMAND-Sfw3f', 'Errors.User.UserIDMissing');
    await checkPassword(call, user, user.human, password.string('password', { min: 1, max: 200 }));
    drafts.push({
      ...aggregate(call.kernel, id),
      type: 'session.password.checked',
      payload: { checkedAt: now },
    });
  }
  const totp = checks?.message('totp');
  if (totp) {
    if (!user?.human) throw failedPrecondition('COMMAND-Neil7', 'Errors.User.UserIDMissing');
    checkTotp(call, user.human, totp.string('code', { min: 6, max: 6 }));
    const payload = { checkedAt: now };
    drafts.push({ ...aggregate(call.kernel, id), type: 'session.totp.checked', payload });
  }
  for (const name of ['webAuthN', 'idpIntent', 'otpSms', 'otpEmail', 'recoveryCode']) {
    if (checks?.has(name)) {
      throw new RpcError('unimplemented', `the emulator does not check ${name}`);
    }
  }
  return { drafts, organizationId: user?.organizationId ?? '' };
}

/** @throws {RpcError} COMMAND-eej1U without a verified second factor, EVENT-8isk2 for a wrong code */
function checkTotp(call: Call, human: HumanRow, code: string): void {
  const secret = human.totp?.verified ? call.kernel.tokens.open(human.totp.secret) : undefined;
  const bytes = secret === undefined ? undefined : decodeBase32(secret);
  if (!bytes) throw failedPrecondition('COMMAND-eej1U', 'Errors.User.MFA.OTP.NotReady');
  if (!totpMatches(bytes, code, call.kernel.now())) {
    throw invalidArgument('EVENT-8isk2', 'Errors.User.MFA.OTP.InvalidCode');
  }
}

function userOf(call: Call, input: Message) {
  const loginName = input.optionalString('loginName');
  const id =
    loginName === undefined
      ? input.id('userId')
      : (call.lagging.usernames.get(loginName.toLowerCase()) ?? '');
  // Whether there is such a user is asked of the lagging projection, what it is like of the event log.
  const user = call.lagging.users.has(id) ? call.fresh.users.get(id) : undefined;
  if (!user) throw notFound('QUERY-Dfbg2', 'Errors.User.NotFound');
  return user;
}

function settingDrafts(call: Call, input: Message, id: string): readonly AnyDraft[] {
  const drafts: AnyDraft[] = [];
  const metadata = input.bytesMap('metadata');
  if (Object.keys(metadata).length > 0) {
    drafts.push({ ...aggregate(call.kernel, id), type: 'session.metadata.set', payload: { metadata } });
  }
  const lifetimeMs = input.duration('lifetime');
  if (lifetimeMs !== undefined) {
    if (lifetimeMs <= 0) throw invalid('lifetime', 'value must be greater than 0s');
    drafts.push({ ...aggregate(call.kernel, id), type: 'session.lifetime.set', payload: { lifetimeMs } });
  }
  return drafts;
}

function tokenDraft(call: Call, id: string): { readonly token: string; readonly draft: AnyDraft } {
  const tokenID = call.kernel.newId();
  return {
    token: call.kernel.tokens.seal(`sess_${id}:${tokenID}`),
    draft: { ...aggregate(call.kernel, id), type: 'session.token.set', payload: { tokenID } },
  };
}

/** @throws {RpcError} COMMAND-sGr42 when the token is not the session's newest (internal/command/session.go) */
function requireToken(kernel: Kernel, row: SessionRow, token: string): void {
  if (kernel.tokens.open(token) !== `sess_${row.id}:${row.tokenId}`) {
    throw permissionDenied('COMMAND-sGr42', 'Errors.Session.Token.Invalid');
  }
}

function userAgentOf(input: Message | undefined): UserAgentFields | undefined {
  if (!input) return undefined;
  const fingerprintId = input.optionalString('fingerprintId');
  const ip = input.optionalString('ip');
  const description = input.optionalString('description');
  const header = Object.entries(input.messageMap('header')).map(
    ([name, values]) => [name, values.strings('values')] as const,
  );
  return {
    ...(fingerprintId === undefined ? {} : { fingerprintId }),
    ...(ip === undefined ? {} : { ip }),
    ...(description === undefined ? {} : { description }),
    ...(header.length > 0 ? { header: Object.fromEntries(header) } : {}),
  };
}

function aggregate(kernel: Kernel, id: string) {
  return {
    aggregateType: 'session',
    aggregateId: id,
    resourceOwner: kernel.fresh.instance.id,
  } as const;
}
