import { describe, expect, it } from 'vitest';
import { openerOf } from '../../src/sign-in/open-browser.ts';

describe('a browser', () => {
  it.each([
    ['over SSH', { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22', DISPLAY: ':0' }, 'linux'],
    ['over SSH to a Mac', { SSH_TTY: '/dev/ttys001' }, 'darwin'],
    ['over SSH with one named', { SSH_CLIENT: 'x', BROWSER: 'firefox' }, 'linux'],
    ['without a display', {}, 'linux'],
  ] as const)('is not opened %s', (_, env, platform) => {
    expect(openerOf(env, platform)).toBeUndefined();
  });

  it.each([
    [{ DISPLAY: ':0' }, 'linux'],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux'],
    [{ BROWSER: 'lynx' }, 'linux'],
    [{}, 'darwin'],
    [{}, 'win32'],
  ] as const)('is opened with %j on %s', (env, platform) => {
    expect(openerOf(env, platform)).toBeTypeOf('function');
  });
});
