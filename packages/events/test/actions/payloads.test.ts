import { generateKeyPairSync } from 'node:crypto';
import { checkSignature, createActionPayloads } from '@drawbridge/events';
import { createHttpClient, createHttpServer, DrawbridgeError, Secret } from '@drawbridge/kit';
import fc from 'fast-check';
import { CompactEncrypt, CompactSign, exportJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenZitadel, openZitadel } from '../support/bridge.ts';
import { event } from '../support/events.ts';
import { bodyOf, bytes } from '../support/webhook.ts';

const issuer = 'https://sso.acme.example';
const signer = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: typeof rsa.privateKey) => new Secret(String(key.export({ type: 'pkcs8', format: 'pem' })));
const content = JSON.stringify({
  function: 'function/preuserinfo',
  user: { id: '7', state: 1 },
  userinfo: { sub: '7' },
});

function setUp(changes: Partial<Parameters<typeof createActionPayloads>[0]> = {}) {
  const state = { calls: 0, status: 200, failure: undefined as Error | undefined };
  const http = {
    fetch: async () => {
      state.calls += 1;
      if (state.failure) throw state.failure;
      const jwk = { ...(await exportJWK(signer.publicKey)), kid: 'web', alg: 'RS256', use: 'sig' };
      return Response.json({ keys: [jwk] }, { status: state.status });
    },
  };
  const decryptionKeys = { rsa: pem(rsa.privateKey), ec: pem(ec.privateKey) };
  const payloads = createActionPayloads({ issuer, http, decryptionKeys, ...changes });
  return { state, parse: (text: string) => payloads.parse(bytes(text)) };
}

const signed = (text = content, header: object = {}, key = signer.privateKey) =>
  new CompactSign(bytes(text)).setProtectedHeader({ alg: 'RS256', kid: 'web', ...header }).sign(key);

const encrypted = async (token: string, alg: string, kid: string, enc = 'A256GCM') =>
  await new CompactEncrypt(bytes(token))
    .setProtectedHeader({ alg, enc, kid })
    .encrypt(kid === 'ec' ? ec.publicKey : rsa.publicKey);

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('the body of an action', () => {
  it('is JSON, signed or encrypted, and says so itself', async () => {
    const { parse } = setUp();
    const body = JSON.parse(content) as unknown;
    expect(await parse(content)).toEqual({ kind: 'function', format: 'json', body });
    const token = await signed();
    expect(await parse(token)).toEqual({ kind: 'function', format: 'jwt', body });
    for (const [alg, kid] of [
      ['RSA-OAEP-256', 'rsa'],
      ['ECDH-ES+A256KW', 'ec'],
    ] as const)
      expect(await parse(await encrypted(token, alg, kid))).toEqual({
        kind: 'function',
        format: 'jwe',
        body,
      });
  });

  it('is a function, an event or a call', async () => {
    const { parse } = setUp();
    const call = { fullMethod: '/zitadel.user.v2.UserService/CreateUser', request: {} };
    expect(await parse(JSON.stringify(call))).toMatchObject({ kind: 'call', body: call });
    const given = event({ payload: { encodedHash: 'secret' } });
    expect(await parse(bodyOf(given))).toMatchObject({
      kind: 'event',
      event: { aggregateId: '7', payload: { encodedHash: '[redacted]' } },
    });
  });

  it('S6 is no access token, although the same keys sign both', async () => {
    const { parse } = setUp();
    const claims = { ...JSON.parse(content), iss: issuer, sub: '7', exp: 4_000_000_000 };
    await expect(parse(await signed(JSON.stringify(claims)))).rejects.toMatchObject({
      code: 'webhook_invalid',
    });
  });

  it('S1 S2 is refused with another signature, algorithm, key or encryption', async () => {
    const { parse } = setUp();
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const [head, , signature] = (await signed()).split('.');
    const changed = Buffer.from(content.replace('"7"', '"8"')).toString('base64url');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${changed}.AA`;
    const token = await signed();
    for (const wrong of [
      `${head}.${changed}.${signature}`,
      none,
      await signed(content, {}, stranger.privateKey),
      await signed(content, { kid: 'other' }),
      await signed(content, { alg: 'PS256' }),
      await signed(content, { jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
      await encrypted(token, 'RSA-OAEP', 'rsa'),
      await encrypted(token, 'RSA-OAEP-256', 'rsa', 'A128GCM'),
      await encrypted(token, 'RSA-OAEP-256', 'unknown'),
      await encrypted(content, 'RSA-OAEP-256', 'rsa'),
    ])
      await expect(parse(wrong)).rejects.toMatchObject({ code: 'webhook_refused' });
  });

  it('is refused in a format that is not taken here', async () => {
    const { parse } = setUp({ formats: ['jwe'] });
    for (const body of [content, await signed()])
      await expect(parse(body)).rejects.toMatchObject({ code: 'webhook_invalid' });
  });

  it('S18 an outage of the keys is no refusal', async () => {
    const { parse, state } = setUp();
    state.status = 503;
    await expect(parse(await signed())).rejects.toMatchObject({ code: 'unreachable' });
    state.failure = new DrawbridgeError('timeout');
    await expect(parse(await signed())).rejects.toMatchObject({ code: 'timeout' });
  });

  it('S9 an unknown key id does not become a call each time', async () => {
    const { parse, state } = setUp();
    await parse(await signed());
    for (let time = 0; time < 5; time++)
      await expect(parse(await signed(content, { kid: `made-up-${time}` }))).rejects.toMatchObject({
        code: 'webhook_refused',
      });
    expect(state.calls).toBeLessThanOrEqual(2);
  });

  it('S50 is limited in size and depth, and nothing made up gets through', async () => {
    const { parse } = setUp();
    await expect(parse(' '.repeat(1024 * 1024 + 1))).rejects.toMatchObject({ code: 'too_large' });
    const deep = `{"function":"function/preuserinfo","user":{"id":"7","a":${'['.repeat(40)}${']'.repeat(40)}}}`;
    await expect(parse(deep)).rejects.toMatchObject({ code: 'webhook_invalid' });
    const part = fc.oneof(fc.string(), fc.base64String());
    const text = fc.oneof(
      fc.json(),
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (body) => {
        await expect(parse(body)).rejects.toBeInstanceOf(DrawbridgeError);
      }),
    );
  });

  it('S8 S13 needs a private key that is strong enough, and tells nothing of it', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    const other = generateKeyPairSync('ed25519');
    for (const key of [pem(weak.privateKey), pem(other.privateKey), new Secret('-----no key-----')]) {
      const caught = thrownBy(() => setUp({ decryptionKeys: { k: key } }));
      expect(caught).toMatchObject({ code: 'invalid_settings' });
      expect(caught).not.toHaveProperty('cause');
    }
  });
});

describe('an emulated Zitadel', () => {
  let world: OpenZitadel;
  beforeAll(async () => {
    world = await openZitadel();
  });
  afterAll(() => world.close());

  it.each(['json', 'jwt', 'jwe'] as const)(
    'calls a function with a body of the kind %s that opens',
    async (format) => {
      const { actions, transport } = world.zitadel;
      const bodies: { readonly body: Uint8Array; readonly signature: string | undefined }[] = [];
      const server = await createHttpServer({ name: 'functions', port: 0 });
      server.app.removeAllContentTypeParsers();
      server.app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      server.app.post('/', async ({ body, headers }) => {
        bodies.push({ body: body as Uint8Array, signature: String(headers['zitadel-signature']) });
        return {};
      });
      await server.start();
      const http = createHttpClient();
      try {
        const target = await actions.createTarget({
          name: format,
          endpoint: server.url,
          kind: 'call',
          timeoutMs: 5_000,
          payload: format,
        });
        const decryptionKeys: Record<string, Secret> = {};
        if (format === 'jwe') {
          const kid = await actions.addTargetKey(
            target.id,
            String(rsa.publicKey.export({ type: 'spki', format: 'pem' })),
          );
          await actions.activateTargetKey(target.id, kid);
          decryptionKeys[kid] = pem(rsa.privateKey);
        }
        await actions.setExecution({ function: { name: 'preuserinfo' } }, [target.id]);
        await actions.updateTarget(target.id, { timeoutMs: 4_000 });
        await transport.rest('GET', '/oidc/v1/userinfo');
        const [call] = bodies;
        if (!call) throw new Error('no call came');
        const check = { body: call.body, header: call.signature, keys: [target.signingKey], now: Date.now() };
        expect(checkSignature(check)).toBeUndefined();
        const payloads = createActionPayloads({ issuer: world.emulator.issuer, http, decryptionKeys });
        const self = await world.zitadel.token.userId();
        expect(await payloads.parse(call.body)).toMatchObject({
          kind: 'function',
          format,
          body: { function: 'function/preuserinfo', user: { id: self } },
        });
      } finally {
        await actions.setExecution({ function: { name: 'preuserinfo' } }, []);
        await http.close();
        await server.stop();
      }
    },
  );
});
