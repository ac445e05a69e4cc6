import { spawn } from 'node:child_process';

/** A way to open addresses on this machine. */
export type Opener = (url: string) => void;

/**
 * How a browser is opened here; nothing where it would open on another machine than the one that the person sits at, or where
 * there is no display. `BROWSER` names a program of one's own.
 */
export function openerOf(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Opener | undefined {
  if (env.SSH_CONNECTION || env.SSH_CLIENT || env.SSH_TTY) return undefined;
  if (env.BROWSER) return startWith(env.BROWSER, [], env);
  if (platform === 'darwin') return startWith('open', [], env);
  if (platform === 'win32') return startWith('rundll32', ['url.dll,FileProtocolHandler'], env);
  return env.DISPLAY || env.WAYLAND_DISPLAY ? startWith('xdg-open', [], env) : undefined;
}

function startWith(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Opener {
  // A browser outlives us, and has no use for what we were trusted with.
  const { OPENBAO_TOKEN: _token, ...others } = env;
  return (url) => {
    const child = spawn(program, [...args, url], { detached: true, stdio: 'ignore', env: others });
    // The address is shown as well: a browser that does not start is no reason to end.
    child.on('error', () => undefined);
    child.unref();
  };
}
