import { DrawbridgeError } from '@drawbridge/kit';
import { type Directory, follow, type Sweep } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { startWait, thousands } from '../../terminal/index.ts';
import type { Flags } from '../shared.ts';
import { brakedWords, printShares } from './show.ts';

/** `drawbridge sync`: starts a sweep and follows it. A braked one ends with exit code 4. */
export async function sync(context: Context, flags: Flags): Promise<void> {
  const { terminal } = context;
  const { org, wait } = flags as { org?: string; wait: boolean };
  await withDirectory(context, flags, async (directory) => {
    const body = org === undefined ? {} : { organization: org };
    const started = await directory.call('POST /api/zitadel/users/sync-status', { body });
    if (!wait) {
      if (terminal.json) terminal.document({ schema: 'drawbridge.sweep/v1', sweep: started });
      else terminal.answer(`sweep ${started.id}  started`);
      return;
    }
    const ended = await followSweep(context, directory, started);
    if (terminal.json) terminal.event('result', { schema: 'drawbridge.sweep/v1', sweep: ended });
    else tell(context, ended);
    if (ended.state === 'braked') {
      throw new DrawbridgeError('sweep_braked', {
        message: ended.reason ?? brakedWords(ended),
        fix: `drawbridge sync show ${ended.id} --users`,
      });
    }
    // Held already, by an earlier sweep that waits for an answer.
    if (ended.code === 'sweep_braked') {
      throw new DrawbridgeError('sweep_braked', {
        message: ended.reason ?? 'An earlier sweep holds these users. Nobody was deactivated.',
        fix: 'drawbridge sync list --state braked',
      });
    }
    if (ended.state === 'failed') throw failure(ended);
    if (ended.reason !== null) terminal.mark('warn', ['in part', ended.reason]);
  });
}

/** Waits until a sweep is over, or waits for a person. */
export async function followSweep(context: Context, directory: Directory, started: Sweep): Promise<Sweep> {
  const { terminal, signal } = context;
  const wait = startWait(terminal, 'asking Zitadel for everybody');
  const { id, organizationId } = started;
  try {
    for await (const _news of follow(directory, { kind: 'sweep', id, organizationId }, signal)) {
      const now = await directory.call('GET /api/sweeps/{id}', { params: { id } });
      if (now.state !== 'running' && now.state !== 'approved') return now;
      if (now.state === 'approved' && now.held === 0) return now;
      terminal.event('progress', { sweep: now });
      wait.update(
        now.usersRead === 0
          ? 'asking Zitadel for everybody'
          : `${thousands(now.usersRead)} users read, comparing`,
      );
    }
    return started;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new DrawbridgeError('canceled', {
      message: 'No longer waiting; the sweep goes on without you.',
      fix: `drawbridge sync show ${id}`,
      cause: error,
    });
  } finally {
    wait.end();
  }
}

function tell({ terminal }: Context, sweep: Sweep): void {
  const { usersRead, organizations, activated, deactivated, corrected, skipped } = sweep;
  const places =
    organizations.length === 0
      ? ''
      : ` in ${thousands(organizations.length)} organization${organizations.length === 1 ? '' : 's'}`;
  const read = terminal.sign(
    sweep.state === 'failed' ? 'fail' : 'ok',
    `${thousands(usersRead)} users${places} read`,
  );
  const canary = sweep.canary === null ? '' : `${terminal.sign('ok', `canary ${sweep.canary}`)}   `;
  if (sweep.state === 'braked') {
    terminal.note(`${canary}${read}   ${terminal.sign('held', 'braked')}`);
    printShares(terminal, sweep, (line) => terminal.note(line));
    return;
  }
  const changes = [
    ...(activated > 0 ? [`${thousands(activated)} activated`] : []),
    ...(deactivated > 0 ? [`${thousands(deactivated)} deactivated`] : []),
    ...(corrected > 0 ? [`${thousands(corrected)} corrected`] : []),
    ...(skipped > 0 ? [`${thousands(skipped)} skipped`] : []),
  ];
  terminal.note(`${canary}${read}`);
  terminal.answer(`sweep ${sweep.id}  ${sweep.state}  ${changes.join(', ') || 'nothing to do'}`);
}

/** Why a sweep could not conclude anything. */
export function failure({ id, reason, code }: Sweep): DrawbridgeError {
  return new DrawbridgeError('check_failed', {
    message: 'The sweep failed; nobody was changed for lack of an answer.',
    ...(reason === null ? {} : { why: `${reason}${code === null ? '' : ` (${code})`}` }),
    fix: `drawbridge sync show ${id}`,
  });
}
