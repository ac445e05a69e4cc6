import fc from 'fast-check';
import { expect, it } from 'vitest';
import { returnPath } from '../../src/web/return-path.ts';

it('leads to no other origin, whatever is given', () => {
  const pieces = fc.constantFrom(
    '/',
    '\\',
    '//',
    'http:',
    'https://',
    'evil.example',
    '@',
    '?',
    '#',
    '..',
    '%2f',
    '\t',
    ':',
  );
  const nasty = fc.array(fc.oneof(pieces, fc.string()), { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.oneof(
        nasty,
        nasty.map((text) => `/${text}`),
      ),
      (given) => {
        const path = returnPath(given);
        for (const browser of [path, path.replaceAll('\\', '/')]) {
          expect(new URL(browser, 'https://here.example/auth/callback').origin).toBe('https://here.example');
        }
        expect(path).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
        expect(path).not.toMatch(/^\/(auth|api)(\/|$)/);
      },
    ),
    { numRuns: 2_000 },
  );
});

it.each([
  ['/o/demo/users?q=a#x', '/o/demo/users?q=a#x'],
  [undefined, '/'],
  ['', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example/', '/'],
  ['/auth/sign-in', '/'],
  ['/api/me', '/'],
  ['/x/../auth/sign-in', '/'],
  [`/${'x'.repeat(3_000)}`, '/'],
])('%j becomes %j', (given, path) => {
  expect(returnPath(given)).toBe(path);
});
