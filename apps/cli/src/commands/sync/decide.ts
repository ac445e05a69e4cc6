import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { ask, confirm, stateWord, thousands } from '../../terminal/index.ts';
import { type Flags, given } from '../shared.ts';
import { failure, followSweep } from './sync.ts';

/** `drawbridge sync approve ID` */
export async function approveSweep(context: Context, id: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const {
    reason: said,
    count: told,
    user,
    wait,
  } = flags as {
    reason?: string;
    count?: number;
    user?: readonly string[];
    wait: boolean;
  };
  await withDirectory(context, flags, async (directory) => {
    const params = { id };
    const before = await directory.call('GET /api/sweeps/{id}', { params });
    const count = told ?? user?.length ?? before.held;
    const reason = await ask(terminal, { flag: '--reason', given: said, text: 'A reason' }, signal);
    // The number is what proves that somebody has looked.
    const consequence = `${thousands(count)} user${count === 1 ? '' : 's'} can no longer sign in; each is looked at again first.`;
    await confirm(terminal, { consequence, type: String(count), yes: told !== undefined }, signal);
    const body = { reason, count, ...given({ users: user }) };
    const approved = await directory.call('POST /api/sweeps/{id}/approve', { params, body });
    const ended = wait ? await followSweep(context, directory, approved) : approved;
    if (terminal.json) terminal.event('result', { schema: 'drawbridge.sweep/v1', sweep: ended });
    else
      terminal.answer(
        `sweep ${id}  ${stateWord(ended.state).text}  ${thousands(ended.deactivated)} deactivated, ${thousands(ended.held)} held`,
      );
    if (ended.state === 'failed') throw failure(ended);
  });
}

/** `drawbridge sync discard ID` */
export async function discardSweep(context: Context, id: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const { reason: said } = flags as { reason?: string };
  await withDirectory(context, flags, async (directory) => {
    const reason = await ask(terminal, { flag: '--reason', given: said, text: 'A reason' }, signal);
    const sweep = await directory.call('POST /api/sweeps/{id}/discard', { params: { id }, body: { reason } });
    if (terminal.json) terminal.document({ schema: 'drawbridge.sweep/v1', sweep });
    else terminal.answer(`sweep ${id}  ${stateWord(sweep.state).text}  nobody was deactivated`);
  });
}
