import { stripVTControlCharacters } from 'node:util';
import type { CheckResult } from '@drawbridge/zitadel';
import { describe, expect, it } from 'vitest';
import { report } from '../src/commands/doctor/report.ts';
import { type Io, Terminal } from '../src/terminal/index.ts';

const results: readonly CheckResult[] = [
  { name: 'name', state: 'ok', text: 'sso.acme.example resolves' },
  {
    name: 'tls',
    state: 'fail',
    text: 'the certificate is of Acme Issuing CA 3, whom this machine does not know (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    means:
      'an authority of your own, or the server does not send its intermediates; whatever it is, nothing goes on',
    fix: 'set NODE_EXTRA_CA_CERTS=/path/to/ca.pem, or have the server send its whole chain and not the leaf alone',
  },
  { name: 'issuer', state: 'skip', text: 'needs tls', ground: 'tls' },
  {
    name: 'registration',
    state: 'warn',
    text: 'APIService v1alpha1.identity.miloapis.com does not look at the certificate',
    means: 'whoever answers is believed',
    fix: 'kubectl patch apiservice v1alpha1.identity.miloapis.com --type merge --patch-file registration.yaml',
  },
  { name: 'netbird', state: 'skip', text: 'no NetBird is set (DRAWBRIDGE_NETBIRD_URL)' },
];

function shown(options: { tty?: boolean; json?: boolean; all?: boolean; env?: Record<string, string> } = {}) {
  const out: string[] = [];
  const stream = { write: (text: string) => out.push(text), isTTY: options.tty === true, columns: 80 };
  const io: Io = { stdout: stream, stderr: stream, env: options.env ?? { LANG: 'C.UTF-8' } };
  report(new Terminal(io, { json: options.json === true, colour: true }), results, options.all === true);
  return stripVTControlCharacters(out.join(''));
}

describe('what doctor shows', () => {
  it('fits 80 columns on a terminal, and keeps a command in one line', () => {
    const lines = shown({ tty: true }).trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([
      '  do      kubectl patch apiservice v1alpha1.identity.miloapis.com --type merge --patch-file registration.yaml',
    ]);
    expect(lines[0]).toBe('✗ tls           the certificate is of Acme Issuing CA 3, whom this machine does');
    expect(lines[1]).toBe('                not know (UNABLE_TO_VERIFY_LEAF_SIGNATURE)');
    expect(lines.at(-1)).toBe('1 failed, 1 warning, 1 ok, 1 skipped (see tls), 1 not set up.   --all lists');
  });

  it('cuts no line in a pipe, and is words alone without UTF-8', () => {
    const lines = shown({ env: { LC_ALL: 'C' } }).split('\n');
    expect(lines.find((line) => line.startsWith('FAIL tls'))).toMatch(/SIGNATURE\)$/);
    expect(shown({ env: { LC_ALL: 'C' }, all: true })).toMatch(/^skip netbird {7}no NetBird is set/m);
    expect(shown({ env: { LC_ALL: 'C' }, all: true })).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('is one document with --json', () => {
    expect(JSON.parse(shown({ json: true }))).toEqual({ schema: 'drawbridge.doctor/v1', checks: results });
  });
});
