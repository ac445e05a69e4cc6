import { dexUserId, netbirdIdsOf, subjectOf } from '@drawbridge/netbird';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const short = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => Buffer.byteLength(text) <= 255);
/** Text that UTF-8 carries: no half of a surrogate pair. */
const carried = short.filter((text) => Buffer.from(text).toString('utf8') === text);

describe('ids behind the embedded identity provider', () => {
  it('are what a NetBird server gave to its first user', () => {
    const id = 'CiQ0MmI5NDBmNC0zODVkLTQ0MjYtYmJhZC1kM2Y3MTE3MjY4NWQSBWxvY2Fs';
    expect(subjectOf(id)).toEqual({ subject: '42b940f4-385d-4426-bbad-d3f71172685d', connectorId: 'local' });
    expect(dexUserId('42b940f4-385d-4426-bbad-d3f71172685d', 'local')).toBe(id);
  });

  it('come apart as they were put together, whatever the subject and the connector', () => {
    fc.assert(
      fc.property(carried, carried, (subject, connectorId) => {
        expect(subjectOf(dexUserId(subject, connectorId))).toEqual({ subject, connectorId });
      }),
    );
  });

  it('are told from plain ids: Zitadel’s numbers, our own ids, UUIDs', () => {
    const plain = fc.oneof(
      fc.bigInt({ min: 1n, max: 10n ** 20n }).map(String),
      fc.stringMatching(/^[0-9a-hjkmnp-tv-z]{26}$/),
      fc.uuid(),
    );
    fc.assert(
      fc.property(plain, (id) => {
        expect(subjectOf(id)).toEqual({ subject: id });
      }),
    );
  });

  it('never come apart into something that has another id', () => {
    fc.assert(
      fc.property(fc.oneof(fc.base64String(), fc.string({ unit: 'binary' })), (id) => {
        const { subject, connectorId } = subjectOf(id);
        expect(connectorId === undefined ? subject : dexUserId(subject, connectorId)).toBe(id);
      }),
    );
  });

  it('are all the ids that one Zitadel user may have', () => {
    expect(netbirdIdsOf('312')).toEqual(['312']);
    expect(netbirdIdsOf('312', ['zitadel', 'other'])).toEqual([
      '312',
      dexUserId('312', 'zitadel'),
      dexUserId('312', 'other'),
    ]);
    expect(() => dexUserId('x'.repeat(256), 'zitadel')).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});
