import type { StepContext } from '@drawbridge/directory';
import { silentLogger } from '@drawbridge/kit';
import { expect, it } from 'vitest';
import { proofStep } from '../src/provisioning/create-user/proof.ts';

/** A tenant whose Zitadel says that the user is in this organization. */
function tenantWhereUserIsIn(organizationId: string) {
  return {
    tenant: async () => ({
      organization: { zitadel_org_id: 'org-north' },
      zitadel: { users: { get: async (userId: string) => ({ userId, organizationId }) } },
    }),
  } as unknown as Parameters<typeof proofStep>[0];
}

const context: StepContext<{ email: string; givenName: string; familyName: string; role: string }> = {
  scope: {},
  runId: 'r1',
  organizationId: 'o1',
  userId: 'u1',
  input: { email: 'ada@north.example', givenName: 'Ada', familyName: 'Okafor', role: 'user' },
  key: 'k',
  attempt: 1,
  output: <T>() => ({ zitadelUserId: 'u1', adopted: false }) as T,
  signal: new AbortController().signal,
  logger: silentLogger,
};

it('S57 quarantines a user that Zitadel put into another organization, as it does with a re-used id (zitadel#11020)', async () => {
  expect(await proofStep(tenantWhereUserIsIn('org-south')).call(context)).toEqual({
    outcome: 'quarantined',
    code: 'wrong_organization',
    reason: 'User u1 is in organization org-south, not in org-north. Nobody was given access.',
  });
});

it('S57 goes on when the organization is the one asked for', async () => {
  expect(await proofStep(tenantWhereUserIsIn('org-north')).call(context)).toMatchObject({ outcome: 'done' });
});
