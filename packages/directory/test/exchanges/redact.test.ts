import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactBody } from '../../src/exchanges/index.ts';

const secret = 'S3CR3T';

describe('a body that is kept', () => {
  it('shows what something is and how it stands, and nobody', () => {
    const body = {
      organizationId: 'org-north',
      userId: 'u1',
      username: 'ada@north.example',
      human: { profile: { givenName: 'Ada' }, email: { email: 'ada@north.example', isVerified: true } },
      metadata: [{ key: 'drawbridge.owner', value: 'eA==' }],
      roleKeys: ['manager', 'user'],
      groups: [1, 2, 3, 4, 5, 6, 7],
      creationDate: '2026-01-02T03:04:05Z',
    };
    expect(JSON.parse(redactBody(JSON.stringify(body)) ?? '')).toEqual({
      organizationId: 'org-north',
      userId: 'u1',
      username: '[redacted]',
      human: {
        profile: { givenName: '[redacted]' },
        email: { email: '[redacted]', isVerified: true },
      },
      metadata: [{ key: '[redacted]', value: '[redacted]' }],
      roleKeys: ['manager', 'user'],
      groups: [1, 2, 3, 4, 5, '… 2 more'],
      creationDate: '2026-01-02T03:04:05Z',
    });
  });

  it('tells what a refusal says, and takes the same of a success for a code', () => {
    const body = JSON.stringify({ code: 'failed_precondition', message: 'Errors.User.Inactive' });
    expect(redactBody(body, { failed: true })).toBe(body);
    expect(redactBody(body)).toBe('{"code":"[redacted]","message":"[redacted]"}');
  });

  it('is told by its length where it is no JSON', () => {
    expect([redactBody(''), redactBody(`<p>${secret}`)]).toEqual([null, '9 characters that are no JSON']);
  });

  it('never holds a token, whatever field it stands in', () => {
    for (const id of ['eyJhbGciOi', 'x nbp_0123', '-----BEGIN RSA PRIVATE KEY-----'])
      expect(redactBody(JSON.stringify({ id }))).toBe('{"id":"[redacted]"}');
  });

  it('holds nothing of a field that is not known, at any depth, and is short', () => {
    const key = fc.constantFrom('password', 'sessionToken', 'emailCode', 'clientSecret', 'key', 'email', 'x');
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 8 },
        fc.constant(secret),
        fc.array(tie('node'), { maxLength: 8 }),
        fc.dictionary(key, tie('node')),
      ),
    })).node;
    fc.assert(
      fc.property(tree, fc.boolean(), (value, failed) => {
        const kept = redactBody(JSON.stringify(value), { failed }) ?? '';
        expect(kept).not.toContain(secret);
        expect(kept.length).toBeLessThanOrEqual(1_001);
      }),
    );
  });

  it('can be stored, whatever is in it', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, (id) => {
        const kept = redactBody(JSON.stringify({ id })) ?? '';
        expect(kept.isWellFormed() && !kept.includes('\\u0000')).toBe(true);
      }),
    );
  });
});
