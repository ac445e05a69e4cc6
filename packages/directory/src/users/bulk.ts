import { DrawbridgeError, newId } from '@drawbridge/kit';
import { changeUser, inviteUser, requestState } from './lifecycle.ts';
import type { Asked, StartedRun, UserRequests } from './request.ts';

/** What many users at once are to undergo. */
export type BulkAction =
  | { readonly action: 'activate' | 'deactivate' | 'invite' }
  | { readonly action: 'set-role'; readonly role: string };

/** What became of one of them: a run, or why there is none. */
export type BulkItem =
  | { readonly id: string; readonly runId: string }
  | { readonly id: string; readonly code: string; readonly message: string };

export interface BulkResult {
  readonly batchId: string;
  readonly items: readonly BulkItem[];
}

/**
 * Asks for the same for many users. Each has a run of its own, under one batch id; one that is refused does not keep the
 * others.
 *
 * @param allowed refuses a user whom the caller may not act on
 */
export async function bulk(
  requests: UserRequests,
  ids: readonly string[],
  action: BulkAction,
  who: Asked,
  allowed: (userId: string) => Promise<void>,
): Promise<BulkResult> {
  const batchId = newId({ now: () => requests.engine.now().getTime() });
  const items: BulkItem[] = [];
  for (const id of new Set(ids)) {
    try {
      await allowed(id);
      const { runId } = await start(requests, id, action, { ...who, batchId });
      items.push({ id, runId });
    } catch (caught) {
      const { code, message } = DrawbridgeError.from(caught);
      // An outage is nobody's refusal: it is the answer to the whole request.
      if (code === 'internal' || code === 'database_unavailable') throw caught;
      items.push({ id, code, message });
    }
  }
  return { batchId, items };
}

async function start(
  requests: UserRequests,
  id: string,
  action: BulkAction,
  who: Asked,
): Promise<StartedRun> {
  switch (action.action) {
    case 'activate':
    case 'deactivate':
      return await requestState(requests, id, action.action === 'activate', who);
    case 'invite':
      return await inviteUser(requests, id, who);
    case 'set-role':
      return await changeUser(requests, id, { role: action.role }, who);
  }
}
