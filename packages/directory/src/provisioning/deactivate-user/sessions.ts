import { ZitadelError } from '@drawbridge/zitadel';
import { noteDenied } from '../../people/index.ts';
import type { Step } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import type { StateInput } from './input.ts';

interface EndedOutput {
  readonly ended: number;
}

/** The user's sessions are ended, at Zitadel and in our console, and the time this took is known. */
export function sessionsStep({ integrations, clock }: SagaParts): Step<StateInput, EndedOutput> {
  return {
    name: 'sessions',
    title: 'sessions',
    place: 'zitadel',
    key: ({ runId, userId }) => `sessions/${userId}/${runId}`,
    async call(context) {
      const { zitadel } = await integrations.tenant(context.organizationId, context.scope);
      const { zitadelUserId } = context.output<{ zitadelUserId: string }>('zitadel_user');
      const { signal } = context;
      let ended = 0;
      try {
        for (const { id } of await zitadel.sessions.list({ userId: zitadelUserId }, { signal }).all()) {
          await zitadel.sessions.remove(id, { signal });
          ended += 1;
        }
      } catch (error) {
        if (!(error instanceof ZitadelError && error.code === 'zitadel_forbidden')) throw error;
        // Deactivating took the sessions along; this step only makes that sure.
        return {
          outcome: 'done',
          output: { ended },
          detail: 'ended by Zitadel; listing them is not allowed',
        };
      }
      return { outcome: 'done', output: { ended }, detail: `${ended} ended` };
    },
    async record(trx, context) {
      const { zitadelUserId } = context.output<{ zitadelUserId: string }>('zitadel_user');
      await trx.deleteFrom('web_sessions').where('subject', '=', zitadelUserId).execute();
      await noteDenied(trx, context.runId, new Date(clock.now()));
    },
  };
}
