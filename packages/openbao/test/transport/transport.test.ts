import { inspect } from 'node:util';
import { DrawbridgeError, type LogFields, Secret, silentLogger } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envelope, refusal, standIn, token, whileWaiting } from '../support/stand-in.ts';

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => DrawbridgeError.from(error).code,
  );

describe('calls of OpenBao', () => {
  it('S32 carry the token in its header alone, and the namespace only where there is one', async () => {
    const { openbao, sent } = standIn(() => ({ keys: [] }), { namespace: 'team' });
    await openbao.kv().list('harmony');
    expect(sent[0]?.headers.get('x-vault-token')).toBe(token);
    expect(sent[0]?.headers.get('x-vault-namespace')).toBe('team');
    expect(sent[0]?.path).toBe('/v1/secret/metadata/harmony?list=true');
    await codeOf(openbao.system.health());
    expect(sent[1]?.headers.get('x-vault-token')).toBeNull();
    expect(sent[1]?.headers.get('x-vault-namespace')).toBeNull();
  });

  it('tell refusals apart by status and text', async () => {
    const gone = { data: { data: null, metadata: { version: 1, deletion_time: 'x' } } };
    const refusals: readonly (readonly [Response, string])[] = [
      [refusal(404), 'openbao_not_found'],
      [refusal(404, 'no handler for route "x". route entry not found.'), 'openbao_missing_mount'],
      [refusal(404, 'namespace not found'), 'openbao_missing_mount'],
      [refusal(404, '1 error occurred:\n\t* unsupported path\n\n'), 'openbao_unsupported'],
      [envelope(gone, 404), 'openbao_deleted_version'],
      [envelope({ warnings: ['Invalid path for a versioned K/V'] }, 404), 'openbao_unsupported'],
      [refusal(403, 'permission denied'), 'openbao_denied'],
      [refusal(400, 'check-and-set parameter did not match the current version'), 'openbao_cas_conflict'],
      [refusal(400, 'path is already in use at jwt/'), 'openbao_already_exists'],
      [refusal(400, 'no data provided'), 'openbao_invalid_argument'],
      [refusal(503, 'Vault is sealed'), 'openbao_sealed'],
      [new Response('', { status: 404 }), 'openbao_not_found'],
      [new Response('<html>', { status: 200 }), 'invalid_response'],
      [new Response(null, { status: 307, headers: { location: 'https://other/' } }), 'openbao_standby'],
    ];
    for (const [answer, code] of refusals) {
      const { openbao, clock } = standIn(() => answer.clone() as Response);
      expect(await codeOf(whileWaiting(clock, openbao.kv().get('a'))), code).toBe(code);
    }
  });

  it('name the version that was deleted, which the next write has to be checked against', async () => {
    const gone = { data: { data: null, metadata: { version: 7, deletion_time: 'x' } } };
    const { openbao } = standIn(() => envelope(gone, 404));
    await expect(openbao.kv().get('a')).rejects.toMatchObject({
      code: 'openbao_deleted_version',
      version: 7,
    });
  });

  it('take a failed sign-in for one although it is 400, and a lack of keys for no fault of the caller', async () => {
    const jwt = new Secret('eyJ.secret.jwt');
    const login = (answer: Response) =>
      codeOf(
        standIn(() => answer)
          .openbao.jwt()
          .login({ jwt }),
      );
    expect(await login(refusal(400, 'error validating token: invalid issuer (iss) claim'))).toBe(
      'openbao_login_refused',
    );
    expect(await login(refusal(403, 'permission denied'))).toBe('openbao_login_refused');
    expect(await login(refusal(400, 'error validating token: ... fetching keys ...'))).toBe(
      'openbao_keys_unreachable',
    );
  });

  it('are tried again where a repeat is harmless, and only there', async () => {
    const flaky = () =>
      standIn((_, count) => (count === 1 ? new Response('', { status: 503 }) : { keys: ['a'], version: 1 }));
    const list = flaky();
    await whileWaiting(list.clock, list.openbao.kv().list());
    expect(list.sent).toHaveLength(2);
    const put = flaky();
    expect(await codeOf(whileWaiting(put.clock, put.openbao.kv().put('a', {})))).toBe('unreachable');
    expect(put.sent).toHaveLength(1);
    const early = standIn((_, count) =>
      count === 1
        ? refusal(400, 'Upgrading from non-versioned to versioned data. This backend will be unavailable')
        : { version: 1, created_time: '2026-01-01T00:00:00Z' },
    );
    await whileWaiting(early.clock, early.openbao.kv().put('a', {}));
    expect(early.sent).toHaveLength(2);
  });

  it('refuse paths that would be others', async () => {
    const { openbao, sent } = standIn(() => ({}));
    for (const path of ['', '.', 'a/../b', 'a//b'])
      expect(await codeOf(Promise.resolve().then(() => openbao.kv().get(path)))).toBe('invalid_request');
    await codeOf(openbao.kv().get('a b/c?d'));
    expect(sent.map(({ path }) => path)).toEqual(['/v1/secret/data/a%20b/c%3Fd']);
  });

  it('S32 show token, password and JWT in no error and no log line', async () => {
    const lines: unknown[] = [];
    const note = (fields: LogFields, message: string) => lines.push(fields, message);
    const logger = { ...silentLogger, debug: note, info: note, warn: note, error: note };
    const jwt = 'eyJhbGciOi.secret.part';
    for (const answer of [refusal(400, `cannot parse ${jwt} of ${token}`), new Response(`${jwt}${token}`)]) {
      const { openbao } = standIn(() => answer.clone() as Response, { logger });
      for (const call of [
        () => openbao.jwt().login({ jwt: new Secret(jwt), role: 'r' }),
        () => openbao.tokens.lookupSelf(),
      ]) {
        const error: unknown = await call().catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(DrawbridgeError);
        const shown = inspect(error, { depth: 9 }) + String((error as Error).stack);
        if (String(call).includes('login')) expect(shown).not.toContain(jwt);
        else expect(shown).not.toContain(token);
      }
    }
    expect(inspect(lines, { depth: 9 })).not.toMatch(/secret\.part|3gONHBPn/);
  });

  it('end in an error of ours whatever comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom(200, 400, 404, 409, 500), async (body, status) => {
        const { openbao, clock } = standIn(() => Response.json(body, { status }));
        for (const call of [
          () => openbao.kv().get('a'),
          () => openbao.kv().put('a', {}),
          () => openbao.system.health(),
          () => openbao.tokens.renewSelf(),
          () => openbao.policies.read('p'),
          () => openbao.auth.list(),
          () => openbao.jwt().readRole('r'),
        ]) {
          const outcome = await whileWaiting<unknown>(clock, call()).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DrawbridgeError);
        }
      }),
      { numRuns: 40 },
    );
  });
});
