import { generateKeyPairSync } from 'node:crypto';
import { compactDecrypt, compactVerify, createRemoteJWKSet, decodeJwt } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { isSigned, receiverForTests } from './receiver.ts';
import { action, emulatorForTests, user } from './support.ts';

const { emulator, call, fetch } = emulatorForTests({ outboundDenyList: [] });
const receiver = receiverForTests();

afterEach(async () => {
  await emulator.settled();
  const { body } = await call(action('ListExecutions'));
  for (const { condition } of (body.executions ?? []) as { condition: object }[]) {
    await call(action('SetExecution'), { condition });
  }
  emulator.controls.reset();
});

async function listen(condition: object, extra: object = {}): Promise<{ id: string; signingKey: string }> {
  const made = await call(action('CreateTarget'), {
    name: 'receiver',
    restCall: { interruptOnError: true },
    timeout: '5s',
    endpoint: receiver.url,
    ...extra,
  });
  const id = String(made.body.id);
  await call(action('SetExecution'), { condition, targets: [id] });
  await call(action('UpdateTarget'), { id, name: 'receiver, awake' });
  return { id, signingKey: String(made.body.signingKey) };
}

let count = 0;

/** A machine with a secret, whose tokens are opaque or JWT. */
async function machine(accessTokenType: string) {
  const userId = `machine-${++count}`;
  const { organizationId } = emulator.bootstrap;
  const fields = { name: 'M', accessTokenType };
  await call(user('CreateUser'), { organizationId, userId, username: userId, machine: fields });
  const { body } = await call(user('AddSecret'), { userId });
  return async (scope = 'openid profile') => {
    const answer = await fetch(`${emulator.issuer}/oauth/v2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: userId,
        client_secret: String(body.clientSecret),
        scope,
      }).toString(),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, string>, userId };
  };
}

const jwt = 'ACCESS_TOKEN_TYPE_JWT';
const opaque = 'ACCESS_TOKEN_TYPE_BEARER';

describe('functions', () => {
  it('preaccesstoken adds claims to JWT access tokens, and is not asked for opaque ones', async () => {
    const { signingKey } = await listen({ function: { name: 'preaccesstoken' } });
    receiver.answers(() => ({
      body: {
        append_claims: [
          { key: 'tier', value: { level: 3 } },
          { key: 'urn:zitadel:iam:forged', value: true },
        ],
        append_log_claims: ['was here'],
        set_user_metadata: [{ key: 'seen', value: Buffer.from('yes').toString('base64') }],
      },
    }));
    const token = await machine(jwt);
    const { body, userId } = await token();
    const claims = decodeJwt(body.access_token ?? '');
    expect(claims).toMatchObject({ tier: { level: 3 }, sub: userId });
    expect(claims['urn:zitadel:iam:action:function/preaccesstoken:log']).toEqual(['was here']);
    expect(claims).not.toHaveProperty('urn:zitadel:iam:forged');
    const [asked] = receiver.received;
    expect(asked && isSigned(asked, signingKey)).toBe(true);
    expect(asked?.body).toMatchObject({
      function: 'function/preaccesstoken',
      user: { id: userId, username: userId, machine: { name: 'M' } },
      org: { id: emulator.bootstrap.organizationId },
      application: { client_id: userId },
      user_grants: [],
    });
    const metadata = await call(user('ListUserMetadata'), { userId });
    expect(metadata.body.metadata).toMatchObject([{ key: 'seen', value: 'eWVz' }]);
    await (await machine(opaque))();
    expect(receiver.received).toHaveLength(1);
  });

  it('preuserinfo adds to id_token and userinfo, and claims that exist stay', async () => {
    await listen({ function: { name: 'preuserinfo' } });
    receiver.answers(() => ({
      body: {
        append_claims: [
          { key: 'name', value: 'Mallory' },
          { key: 'team', value: 'red' },
        ],
      },
    }));
    const { body } = await (await machine(opaque))();
    expect(decodeJwt(body.id_token ?? '')).toMatchObject({ team: 'red' });
    const answer = await fetch(`${emulator.issuer}/oidc/v1/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    const info = (await answer.json()) as Record<string, unknown>;
    expect(info).toMatchObject({ team: 'red', name: 'M' });
    expect(info['urn:zitadel:iam:action:function/preuserinfo:log']).toHaveLength(1);
  });

  it('fail the token where a target interrupts', async () => {
    await listen({ function: { name: 'preaccesstoken' } });
    receiver.answers(() => ({ status: 500 }));
    const { status, body } = await (await machine(jwt))();
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('take bodies that are signed, and encrypted for a public key', async () => {
    const { id: targetId } = await listen(
      { function: { name: 'preaccesstoken' } },
      { payloadType: 'PAYLOAD_TYPE_JWE' },
    );
    const token = await machine(jwt);
    expect((await token()).body.error).toBe('invalid_request');
    for (const kind of ['rsa', 'ec'] as const) {
      const { publicKey, privateKey } =
        kind === 'rsa'
          ? generateKeyPairSync('rsa', { modulusLength: 2048 })
          : generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
      const added = await call(action('AddPublicKey'), {
        targetId,
        publicKey: Buffer.from(pem).toString('base64'),
      });
      const { keyId } = added.body;
      await call(action('ActivatePublicKey'), { targetId, keyId });
      const { userId } = await token();
      const { plaintext, protectedHeader } = await compactDecrypt(
        receiver.received.at(-1)?.raw ?? '',
        privateKey,
      );
      expect(protectedHeader).toMatchObject({ enc: 'A256GCM', kid: keyId });
      const keys = createRemoteJWKSet(new URL(`${emulator.issuer}/oauth/v2/keys`));
      const { payload } = await compactVerify(plaintext, keys);
      expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({ user: { id: userId } });
    }
  });
});

describe('requests and responses', () => {
  const createUser = '/zitadel.user.v2.UserService/CreateUser';
  const request = { request: { method: createUser } };

  const create = () => {
    const userId = `called-${++count}`;
    const { organizationId } = emulator.bootstrap;
    const machineFields = { organizationId, userId, username: userId, machine: { name: 'Asked' } };
    return call(user('CreateUser'), machineFields);
  };

  it('can be replaced by a target of kind call', async () => {
    await listen(request);
    receiver.answers(({ body }) => ({
      body: { ...(body.request as object), machine: { name: 'Replaced' } },
    }));
    const made = await create();
    const { body } = await call(user('GetUserByID'), { userId: made.body.id });
    expect(body.user).toMatchObject({ machine: { name: 'Replaced' } });
    const [asked] = receiver.received;
    expect(asked?.body).toMatchObject({
      fullMethod: createUser,
      instanceID: emulator.bootstrap.instanceId,
      orgID: emulator.bootstrap.organizationId,
      userID: emulator.bootstrap.serviceAccountKey.userId,
      request: { machine: { name: 'Asked' } },
      headers: { 'Content-Type': ['application/json'] },
    });
    expect(JSON.stringify(asked?.body.headers).toLowerCase()).not.toContain('authorization');
    await listen({ response: { service: 'zitadel.user.v2.UserService' } });
    receiver.answers(({ body }) => ({ body: body.response ? { replaced: true } : body.request }));
    expect((await create()).body).toEqual({ replaced: true });
  });

  it('stay as they are for an empty reply, and become empty for an empty object', async () => {
    await listen(request);
    receiver.answers(() => ({}));
    expect((await create()).status).toBe(200);
    receiver.answers(() => ({ body: {} }));
    expect((await create()).body.code).toBe('invalid_argument');
    // A forwarded status without a class of its own.
    receiver.answers(() => ({ body: { forwardedStatusCode: 422, forwardedErrorMessage: 'odd' } }));
    const odd = await create();
    expect([odd.status, odd.body]).toEqual([
      500,
      expect.objectContaining({ code: 'unknown', message: 'odd (EXEC-reUaUZCzCp)' }),
    ]);
  });

  it('interrupt with EXEC-dra6yamk98, or with the class that the target forwards', async () => {
    const { id } = await listen(request);
    receiver.answers(() => ({ status: 500 }));
    expect((await create()).body).toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining('EXEC-dra6yamk98'),
    });
    receiver.answers(() => ({ body: { forwardedStatusCode: 403, forwardedErrorMessage: 'not today' } }));
    expect((await create()).body).toMatchObject({
      code: 'permission_denied',
      message: 'not today (EXEC-reUaUZCzCp)',
    });
    await call(action('UpdateTarget'), { id, restCall: { interruptOnError: false } });
    expect((await create()).status).toBe(200);
  });

  it('zitadel#10895: an execution for all requests never runs, unless the quirk is off', async () => {
    await listen({ request: { all: true } }, { restWebhook: {}, restCall: undefined });
    await create();
    expect(receiver.received).toHaveLength(0);
    emulator.controls.set({ quirks: { allCallsIgnored: false } });
    await create();
    expect(receiver.received).toHaveLength(1);
  });

  it('are not waited for where the target is async', async () => {
    await listen(request, { restCall: undefined, restAsync: {} });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    receiver.answers(() => ({ after: held }));
    expect((await create()).status).toBe(200);
    release();
    await emulator.settled();
    expect(emulator.deliveries.at(-1)?.outcome).toBe('delivered');
  });
});
