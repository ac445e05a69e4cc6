import { describe, expect, it } from 'vitest';
import { authorization, emulatorForTests, organization, project, session, user } from './support.ts';

const harness = emulatorForTests();
const { emulator, call } = harness;

interface Caller {
  readonly userId: string;
  readonly token: string;
}

/** A machine with a personal access token and, if told so, a role. */
async function callerWith(name: string, resource?: object, roles: readonly string[] = []): Promise<Caller> {
  const { organizationId } = emulator.bootstrap;
  await call(user('CreateUser'), { organizationId, userId: name, machine: { name } });
  const expirationDate = new Date(Date.now() + 3_600_000).toISOString();
  const { body } = await call(user('AddPersonalAccessToken'), { userId: name, expirationDate });
  if (resource) {
    const made = await call('zitadel.internal_permission.v2.InternalPermissionService/CreateAdministrator', {
      userId: name,
      resource,
      roles,
    });
    expect(made.status).toBe(200);
  }
  return { userId: name, token: String(body.token) };
}

async function newOrganization(name: string): Promise<string> {
  const { body } = await call(organization('AddOrganization'), { name });
  return String(body.organizationId);
}

const message = (answer: { body: Record<string, unknown> }) => String(answer.body.message);

describe('permissions', () => {
  it('quirk 10: nobody without a membership learns whether something exists', async () => {
    const { token } = await callerWith('nobody');
    const { userId } = emulator.bootstrap.serviceAccountKey;
    expect(message(await call(user('GetUserByID'), { userId }, token))).toContain('AUTHZ-cdgFk');
    expect((await call(user('GetUserByID'), { userId: 'nobody' }, token)).status).toBe(200);
    const listed = await call(user('ListUsers'), {}, token);
    expect((listed.body.result as { userId: string }[]).map((row) => row.userId)).toEqual(['nobody']);
  });

  it('an organization role reaches its organization only', async () => {
    const acme = await newOrganization('Acme');
    const other = await newOrganization('Other');
    const { token } = await callerWith('acme-manager', { organizationId: acme }, ['ORG_USER_MANAGER']);
    const create = (organizationId: string, userId: string) =>
      call(user('CreateUser'), { organizationId, userId, machine: { name: 'M' } }, token);
    expect((await create(acme, 'acme-1')).status).toBe(200);
    expect(message(await create(other, 'other-1'))).toContain('AUTHZ-cdgFk');
    const createProject = await call(project('CreateProject'), { organizationId: acme, name: 'P' }, token);
    expect(createProject.body.code).toBe('permission_denied');
    expect(message(createProject)).toContain('AUTH-AWfge');
    expect((await call(organization('AddOrganization'), { name: 'Mine' }, token)).status).toBe(404);
    const seen = await call(organization('ListOrganizations'), {}, token);
    expect((seen.body.result as { id: string }[]).map((row) => row.id)).toEqual([acme]);
  });

  it('a project role reaches its project only', async () => {
    const { organizationId } = emulator.bootstrap;
    for (const projectId of ['own', 'foreign']) {
      await call(project('CreateProject'), { organizationId, projectId, name: projectId });
    }
    const { token, userId } = await callerWith('project-owner', { projectId: 'own' }, ['PROJECT_OWNER']);
    const addRole = (projectId: string) =>
      call(project('AddProjectRole'), { projectId, roleKey: 'r', displayName: 'R' }, token);
    expect((await addRole('own')).status).toBe(200);
    expect((await addRole('foreign')).body.code).toBe('permission_denied');
    const grant = (projectId: string) =>
      call(authorization('CreateAuthorization'), { userId, projectId, organizationId, roleKeys: [] }, token);
    expect((await grant('own')).status).toBe(200);
    expect((await grant('foreign')).body.code).toBe('permission_denied');
  });

  it('a viewer of the instance reads all and writes nothing', async () => {
    const { token } = await callerWith('viewer', { instance: true }, ['IAM_OWNER_VIEWER']);
    expect((await call('zitadel.instance.v2.InstanceService/GetInstance', {}, token)).status).toBe(200);
    const denied = await call(user('DeactivateUser'), { userId: 'nobody' }, token);
    expect(message(denied)).toContain('AUTH-AWfge');
  });

  it('the default organization and the one of the instance stay', async () => {
    const { organizationId } = emulator.bootstrap;
    const answer = await call(organization('DeleteOrganization'), { organizationId });
    expect(message(answer)).toContain('COMMA-wG9p1');
  });

  it('deleting an organization takes its users, projects and authorizations along', async () => {
    const organizationId = await newOrganization('Doomed');
    await call(user('CreateUser'), { organizationId, userId: 'doomed', machine: { name: 'D' } });
    await call(project('CreateProject'), { organizationId, projectId: 'doomed', name: 'D' });
    expect((await call(organization('DeleteOrganization'), { organizationId })).status).toBe(200);
    expect((await call(user('GetUserByID'), { userId: 'doomed' })).status).toBe(404);
    expect((await call(project('GetProject'), { projectId: 'doomed' })).status).toBe(404);
    const again = await call(organization('AddOrganization'), { name: 'Doomed', organizationId });
    expect(again.status).toBe(200);
  });
});

describe('sessions', () => {
  it('quirk 20: a page of sessions can be short, as what may not be seen is taken out after it was cut', async () => {
    const { token, userId } = await callerWith('watcher');
    for (const checked of [userId, 'nobody', userId]) {
      await call(session('CreateSession'), { checks: { user: { userId: checked } } });
    }
    const { body } = await call(
      session('ListSessions'),
      { query: { limit: 3 }, sortingColumn: 'SESSION_FIELD_NAME_CREATION_DATE' },
      token,
    );
    expect(body.sessions).toHaveLength(2);
    expect(body.details).toMatchObject({ totalResult: '3' });
  });

  it('checks a password, counts failures, and voids the factor when the password changes', async () => {
    const { organizationId } = emulator.bootstrap;
    await call(user('CreateUser'), {
      organizationId,
      userId: 'typist',
      username: 'typist',
      human: {
        profile: { givenName: 'Ty', familyName: 'Pist' },
        email: { email: 'typist@example.com', isVerified: true },
        password: { password: 'Correct-Horse1' },
      },
    });
    const create = (password: string) =>
      call(session('CreateSession'), {
        checks: { user: { loginName: 'TYPIST' }, password: { password } },
        metadata: { device: 'bGFwdG9w' },
        userAgent: { fingerprintId: 'f', header: { 'user-agent': { values: ['x'] } } },
        lifetime: '60s',
      });
    await create('wrong');
    const wrong = await create('wrong');
    expect(message(wrong)).toContain('COMMAND-3M0fs');
    const [detail] = wrong.body.details as { type: string; value: string }[];
    expect(detail?.type).toBe('zitadel.v1.CredentialsCheckError');
    expect(Buffer.from(detail?.value ?? '', 'base64').at(-1)).toBe(2);
    const made = await create('Correct-Horse1');
    const sessionId = made.body.sessionId;
    const read = async () => (await call(session('GetSession'), { sessionId })).body.session;
    expect(await read()).toMatchObject({
      factors: { user: { id: 'typist', organizationId }, password: {} },
      metadata: { device: 'bGFwdG9w' },
      userAgent: { fingerprintId: 'f', header: { 'user-agent': { values: ['x'] } } },
    });
    const newPassword = { password: 'Correct-Horse2' };
    expect((await call(user('SetPassword'), { userId: 'typist', newPassword })).status).toBe(200);
    expect(await read()).not.toHaveProperty('factors.password');
  });

  it('takes a session token as bearer, and only the newest', async () => {
    const made = await call(session('CreateSession'), { checks: { user: { userId: 'nobody' } } });
    const first = String(made.body.sessionToken);
    const { sessionId } = made.body;
    expect((await call(user('GetUserByID'), { userId: 'nobody' }, first)).status).toBe(200);
    const set = await call(session('SetSession'), { sessionId, lifetime: '60s' });
    expect((await call(user('GetUserByID'), { userId: 'nobody' }, first)).status).toBe(401);
    const second = String(set.body.sessionToken);
    expect((await call(user('GetUserByID'), { userId: 'nobody' }, second)).status).toBe(200);
  });
});

describe('ways to sign in', () => {
  it('an invite is for those who have none yet, and verifies the mail address', async () => {
    const { organizationId } = emulator.bootstrap;
    const userId = 'invited';
    await call(user('CreateUser'), {
      organizationId,
      userId,
      human: {
        profile: { givenName: 'In', familyName: 'Vited' },
        email: { email: 'invited@example.com', isVerified: false },
      },
    });
    const methods = async () =>
      (await call(user('ListAuthenticationMethodTypes'), { userId })).body.authMethodTypes;
    expect(await methods()).toBeUndefined();
    const invite = await call(user('CreateInviteCode'), { userId, returnCode: {} });
    const verificationCode = invite.body.inviteCode;
    const wrong = await call(user('VerifyInviteCode'), { userId, verificationCode: 'WRONG1' });
    expect(message(wrong)).toContain('COMMAND-Wgn4q');
    expect((await call(user('VerifyInviteCode'), { userId, verificationCode })).status).toBe(200);
    const { body } = await call(user('GetUserByID'), { userId });
    expect(body).toMatchObject({ user: { human: { email: { isVerified: true } } } });
    const reset = await call(user('PasswordReset'), { userId, returnCode: {} });
    const newPassword = { password: 'Correct-Horse1', changeRequired: true };
    const set = { userId, newPassword, verificationCode: reset.body.verificationCode };
    expect((await call(user('SetPassword'), set)).status).toBe(200);
    expect(await methods()).toEqual(['AUTHENTICATION_METHOD_TYPE_PASSWORD']);
    expect(message(await call(user('CreateInviteCode'), { userId }))).toContain('COMMAND-EF34g');
    const weak = await call(user('SetPassword'), { userId, newPassword: { password: 'short' } });
    expect(message(weak)).toContain('COMMA-HuJf6');
  });

  it('an update changes what is given, and an address once', async () => {
    const { organizationId } = emulator.bootstrap;
    const userId = 'updated';
    const human = (email: string) => ({
      profile: { givenName: 'Up', familyName: 'Dated' },
      email: { email, returnCode: {} },
    });
    await call(user('CreateUser'), { organizationId, userId, human: human('one@example.com') });
    const update = (fields: object) => call(user('UpdateUser'), { userId, ...fields });
    const email = { email: 'two@example.com', returnCode: {} };
    expect((await update({ username: 'fresh-name', human: { email } })).body.emailCode).toBeDefined();
    expect((await update({ human: { email } })).body.emailCode).toBeUndefined();
    const phone = { phone: '+41 79 123 45 67', isVerified: true };
    await update({ human: { phone, profile: { displayName: 'New' } } });
    const { body } = await call(user('GetUserByID'), { userId });
    expect(body).toMatchObject({
      user: {
        username: 'fresh-name',
        preferredLoginName: 'fresh-name',
        human: {
          profile: { givenName: 'Up', displayName: 'New' },
          email: { email: 'two@example.com' },
          phone: { phone: '+41791234567', isVerified: true },
        },
      },
    });
    // The old username is free again.
    const again = { organizationId, username: 'one@example.com', machine: { name: 'M' } };
    expect((await call(user('CreateUser'), again)).status).toBe(200);
  });
});
