import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeErrorDetail, translateAnswer, ZitadelError } from '../../src/index.ts';
import { connectErrorBody } from '../support/fetch.ts';

const where = 'https://sso.acme.example/zitadel.user.v2.UserService/GetUserByID';

function translate(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return translateAnswer({ status, headers: new Headers(headers), body: text, where });
}

describe('translateAnswer', () => {
  it('reads the id from the detail of a Connect error', () => {
    const error = translate(404, connectErrorBody('not_found', 'QUERY-Dfbg2'));
    expect(error).toBeInstanceOf(ZitadelError);
    expect(error).toMatchObject({
      code: 'zitadel_not_found',
      id: 'QUERY-Dfbg2',
      grpcCode: 'not_found',
      status: 404,
    });
  });

  it('reads the id of a REST error, and from the message where there is no detail', () => {
    const detail = { '@type': 'type.googleapis.com/zitadel.v1.ErrorDetail', id: 'COMMAND-5gp2p62iin' };
    expect(translate(404, { code: 5, message: 'x', details: [detail] })).toMatchObject({
      code: 'zitadel_not_found',
      id: 'COMMAND-5gp2p62iin',
    });
    expect(
      translate(409, { code: 'already_exists', message: 'Errors.User.AlreadyExisting (V3-DKcYh)' }),
    ).toMatchObject({
      code: 'zitadel_already_exists',
      id: 'V3-DKcYh',
    });
  });

  it('reads the OAuth form', () => {
    const error = translate(400, { error: 'invalid_request', error_description: 'Errors.User.NotActive' });
    expect(error).toMatchObject({
      code: 'zitadel_invalid_argument',
      saw: 'invalid_request: Errors.User.NotActive',
    });
  });

  it('knows an unknown host in each of its forms', () => {
    const text =
      'unable to set instance using origin http://10.0.0.7 (ExternalDomain is sso.acme.example): ID=QUERY-1kIjX Message=Instance not found';
    for (const body of [text, { code: 5, message: text }, connectErrorBody('not_found', 'QUERY-1kIjX')]) {
      const error = translate(404, body);
      expect(error).toMatchObject({ code: 'instance_not_found', id: 'QUERY-1kIjX' });
      expect(error.why).toMatch(/host/);
      expect(error.fix).toMatch(/address/);
    }
  });

  it('S53 a missing membership is never a not-found', () => {
    expect(translate(404, connectErrorBody('not_found', 'AUTHZ-cdgFk'))).toMatchObject({
      code: 'membership_missing',
    });
  });

  it('tells an object that is missing from a path that is', () => {
    expect(translate(404, '404 page not found')).toMatchObject({ code: 'zitadel_unimplemented' });
    expect(translate(501, { code: 'unimplemented' })).toMatchObject({ code: 'zitadel_unimplemented' });
  });

  it('takes the wait that a proxy asks for, up to a minute', () => {
    expect(translate(429, 'slow down', { 'retry-after': '7' })).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 7,
    });
    expect(translate(503, '', { 'retry-after': '9000' })).toMatchObject({
      code: 'unreachable',
      retryAfterSeconds: 60,
    });
  });

  it('makes an error of anything', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 599 }),
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .record({ code: fc.jsonValue(), message: fc.jsonValue(), details: fc.jsonValue() })
            .map((value) => JSON.stringify(value)),
        ),
        (status, body) => {
          expect(translate(status, body)).toBeInstanceOf(ZitadelError);
        },
      ),
    );
  });
});

describe('decodeErrorDetail', () => {
  it('never fails on bytes that are something else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const detail = decodeErrorDetail(Buffer.from(bytes).toString('base64'));
        expect(detail === undefined || detail.id.length > 0).toBe(true);
      }),
    );
  });
});
