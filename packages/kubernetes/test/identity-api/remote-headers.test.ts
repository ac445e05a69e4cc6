import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeExtraKey, readRemoteUser } from '../../src/identity-api/caller/index.ts';
import { settleFrontProxy } from '../../src/index.ts';

const trust = settleFrontProxy({ allowedNames: ['front-proxy-client'] });

/** Header lines as Node gives them: the bytes that Go wrote, as Latin-1. */
function lines(headers: readonly (readonly [string, string])[]): string[] {
  return headers.flatMap(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
}

/** How kube-apiserver writes the key of an extra into a header's name. */
function encodeExtraKey(key: string): string {
  return [...Buffer.from(key)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[!#$&'*+.^_`|~0-9A-Za-z-]/.test(char)
        ? char
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => text.replaceAll(/\p{C}/gu, '').trim())
  .filter((text) => text !== '');

describe('S37 the headers of the front proxy', () => {
  it('S37 give back whom kube-apiserver wrote into them, in any order, with commas and in any alphabet', () => {
    fc.assert(
      fc.property(
        word,
        word.filter((id) => id.length <= 200),
        fc.array(word, { maxLength: 8 }),
        fc.dictionary(
          fc.stringMatching(/^[a-z0-9./_%:@ü-]{1,30}$/),
          fc.array(word, { minLength: 1, maxLength: 3 }),
          { maxKeys: 5, noNullPrototype: true },
        ),
        (username, uid, groups, extra) => {
          const headers: (readonly [string, string])[] = [
            ['X-Remote-User', username],
            ['X-Remote-Uid', uid],
            ...groups.map((group) => ['X-Remote-Group', group] as const),
            ...Object.entries(extra).flatMap(([key, values]) =>
              values.map((value) => [`X-Remote-Extra-${encodeExtraKey(key)}`, value] as const),
            ),
          ];
          expect(readRemoteUser(lines(headers), trust)).toEqual({
            caller: { username, uid, groups, extra, source: 'front-proxy' },
          });
        },
      ),
    );
  });

  it('S37 never throw, whatever their bytes are', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom('X-Remote-User', 'x-remote-uid', 'X-Remote-Group', 'X-Remote-Extra-%', 'Host'),
            fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
          ),
        ),
        (headers) => {
          const read = readRemoteUser(headers.flat(), trust);
          expect('caller' in read ? read.caller.username.length : read.fault).toBeTruthy();
        },
      ),
    );
  });

  it('S37 keep a key whose escape is broken as it came, in lower case', () => {
    expect(decodeExtraKey('A%zzB')).toBe('a%zzb');
    expect(decodeExtraKey('Iam.miloapis.com%2Fparent-Name')).toBe('iam.miloapis.com/parent-name');
    expect(decodeExtraKey('100%')).toBe('100%');
  });

  it('are unreadable where they are no UTF-8, or hold control characters', () => {
    expect(readRemoteUser(['X-Remote-User', '\xff\xfe', 'X-Remote-Uid', '1'], trust)).toEqual({
      fault: 'unreadable',
    });
    expect(readRemoteUser(['X-Remote-User', 'a\x07b', 'X-Remote-Uid', '1'], trust)).toEqual({
      fault: 'unreadable',
    });
  });
});
