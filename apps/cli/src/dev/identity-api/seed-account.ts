import { ownerMetadata, type Zitadel } from '@drawbridge/zitadel';
import { keepFile } from '../keep-file.ts';

/** Where the account is at home, and where its key is kept. */
export interface ApiAccount {
  readonly organizationId: string;
  readonly path: string;
  readonly signal: AbortSignal;
}

const userId = 'drawbridge-apiserver';

/** The account that the identity API asks Zitadel as, with the least role that has sessions, users' keys and metadata in it. */
export async function seedApiAccount(
  { users, administrators }: Zitadel,
  { organizationId, path, signal }: ApiAccount,
): Promise<void> {
  await users.create(
    {
      organizationId,
      userId,
      username: userId,
      machine: { name: 'Drawbridge identity API' },
      metadata: ownerMetadata({ owner: 'dev', tenant: 'site', ref: userId }),
    },
    { signal },
  );
  const administrator = { userId, resource: { instance: true }, roles: ['IAM_ORG_MANAGER'] } as const;
  const { changed } = await administrators.create(administrator, { signal });
  if (!changed) await administrators.update(administrator, { signal });
  await keepFile(path, async () => {
    const expiresAt = new Date(Date.now() + 365 * 86_400_000);
    const { keyFile } = await users.addKey(userId, { expiresAt }, { signal });
    if (!keyFile) throw new Error('Zitadel made no private key');
    return keyFile.expose();
  });
}

/** A sign-in of the demo user's that is not kubectl's, and a service account to make keys for. Once: what is ended stays ended. */
export async function seedExamples(
  { sessions, users }: Zitadel,
  { demoUserId, organizationId }: { readonly demoUserId: string; readonly organizationId: string },
  signal: AbortSignal,
): Promise<void> {
  await users.create(
    {
      organizationId,
      userId: 'demo-deployer',
      username: 'deployer@demo.localhost',
      machine: { name: 'Deployer', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
      metadata: ownerMetadata({ owner: 'dev', tenant: organizationId, ref: 'demo-deployer' }),
    },
    { signal },
  );
  await sessions.create(
    {
      checks: { user: { userId: demoUserId } },
      userAgent: { ip: '192.0.2.17', description: 'Firefox on Linux', fingerprintId: 'laptop' },
      lifetime: '2592000s',
    },
    { signal },
  );
}
