import { ZitadelError } from '@drawbridge/zitadel';
import type { IntegrationRegistry, Tenant } from '../../integrations/index.ts';
import type { Step } from '../../saga/index.ts';
import type { CreateUserInput, ZitadelUserOutput } from './input.ts';

/**
 * The person has been mailed once. The mail is part of the call that creates the user, so this step reads Zitadel's events
 * and sends only what is absent. The mail's link verifies the address and, where there is none yet, sets the password.
 */
export function mailStep(integrations: IntegrationRegistry): Step<CreateUserInput> {
  return {
    name: 'mail',
    title: 'mail',
    place: 'zitadel',
    undo: 'cannot take a mail back',
    key: ({ userId }) => `mail/${userId}`,
    async call(context) {
      const { zitadelUserId, adopted } = context.output<ZitadelUserOutput>('zitadel_user');
      const done = (detail: string) => ({ outcome: 'done' as const, output: null, detail });
      if (adopted) return done('none: the user was there, with a verified address');
      if (context.input.signIn === 'idp') return done('none: signs in at the identity provider');
      const tenant = await integrations.tenant(context.organizationId, context.scope);
      const sent = await wasSent(tenant, zitadelUserId, context.signal);
      if (sent === undefined) return done('sent once, with the creation');
      if (sent) return done('sent once, with the creation; Zitadel has its event');
      await tenant.zitadel.users.sendEmailCode(
        zitadelUserId,
        { deliver: 'mail' },
        { signal: context.signal },
      );
      return done('sent now: the creation had sent none');
    },
  };
}

/** Whether Zitadel made a code for the address; nothing where the service account may not read events. */
async function wasSent(tenant: Tenant, userId: string, signal: AbortSignal): Promise<boolean | undefined> {
  try {
    const events = tenant.site.events.list(
      { aggregateId: userId, eventTypes: ['user.human.email.code.added', 'user.human.email.verified'] },
      { signal },
    );
    for await (const _event of events) return true;
    return false;
  } catch (error) {
    if (error instanceof ZitadelError && error.code === 'zitadel_forbidden') return undefined;
    throw error;
  }
}
