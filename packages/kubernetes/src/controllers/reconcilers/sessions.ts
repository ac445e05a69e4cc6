import type { CallOptions } from '@drawbridge/kit';
import { type Zitadel, ZitadelError } from '@drawbridge/zitadel';
import type { ReconcileContext } from '../runtime/index.ts';

/**
 * Ends the sessions of a user who was deactivated. Zitadel ends them with the deactivation, too, a little later; where the service
 * account may not list them, that has to do.
 */
export async function endSessions(
  zitadel: Pick<Zitadel, 'sessions'>,
  userId: string,
  { write, call }: { readonly write: ReconcileContext['write']; readonly call: CallOptions },
): Promise<void> {
  try {
    for await (const { id } of zitadel.sessions.list({ userId }, call))
      await write(() => zitadel.sessions.remove(id, call));
  } catch (error) {
    if (!(error instanceof ZitadelError && error.code === 'zitadel_forbidden')) throw error;
  }
}
