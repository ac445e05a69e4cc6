import type { Step } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import { netbirdUserOf } from './netbird-user.ts';

interface BlockedOutput {
  readonly changed: boolean;
}

/** The user is blocked in NetBird, or no longer is. Blocking also expires the sessions of their devices. */
export function netbirdBlockStep<Input>(parts: SagaParts, blocked: boolean): Step<Input, BlockedOutput> {
  return {
    name: 'netbird',
    title: 'netbird',
    place: 'netbird',
    undo: blocked ? 'lets the devices connect again' : 'blocks the devices again',
    key: ({ runId, userId }) => `netbird/${userId}/${runId}`,
    async call(context) {
      const { signal } = context;
      const found = await netbirdUserOf(parts, context);
      if (!found) return { outcome: 'done', output: { changed: false }, detail: 'not used' };
      if (!found.user)
        return { outcome: 'done', output: { changed: false }, detail: 'never signed in there' };
      await (blocked
        ? found.client.users.block(found.user.id, { signal })
        : found.client.users.unblock(found.user.id, { signal }));
      return { outcome: 'done', output: { changed: true }, detail: blocked ? 'blocked' : 'unblocked' };
    },
    async record(trx, { userId }, { changed }) {
      if (!changed) return;
      await trx
        .updateTable('users')
        .set({
          netbird_state: blocked ? 'blocked' : 'active',
          netbird_seen_at: new Date(parts.clock.now()),
        })
        .where('id', '=', userId)
        .execute();
    },
    async compensate(context, { changed }) {
      if (!changed) return;
      const found = await netbirdUserOf(parts, context);
      if (!found?.user) return;
      const { signal } = context;
      await (blocked
        ? found.client.users.unblock(found.user.id, { signal })
        : found.client.users.block(found.user.id, { signal }));
    },
  };
}
