import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createHttpClient, type Logger } from '@drawbridge/kit';
import {
  createIdentityApi,
  createTokenReviewer,
  type IdentityApi,
  parseAudienceMap,
  type SubjectAccess,
} from '@drawbridge/kubernetes';
import {
  createVerifier,
  createZitadel,
  loadApplicationKey,
  loadServiceAccount,
  parseServiceAccount,
} from '@drawbridge/zitadel';
import type { SeededZitadel } from '../seed-zitadel.ts';
import { keepCertificate } from './certificate.ts';
import { keepDemoToken } from './demo-token.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { seedApiAccount, seedExamples } from './seed-account.ts';

export interface DevIdentityApiOptions {
  readonly folder: string;
  readonly port: number;
  readonly issuer: string;
  readonly ownerKey: string;
  readonly homeOrganizationId: string;
  readonly seeded: SeededZitadel;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** The identity API of `dev`. */
export interface DevIdentityApi {
  readonly url: string;
  /** Path of a kubeconfig with which it can be used at once. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/** Opens the identity API beside the emulated Zitadel, with the demo user signed in for kubectl and no cluster at all. */
export async function openIdentityApi(options: DevIdentityApiOptions): Promise<DevIdentityApi> {
  const { folder, issuer, seeded, logger } = options;
  const accountKey = join(folder, 'apiserver-account.json');
  await seed(options, accountKey);
  const zitadel = createZitadel({ issuer, credentials: await loadServiceAccount(accountKey), logger });
  const http = createHttpClient();
  const token = keepDemoToken({
    zitadel,
    fetch: http.fetch,
    clientId: seeded.deviceClientId,
    userId: seeded.demoUserId,
    ...seeded.demo,
    path: join(folder, 'kube-token'),
    logger,
  });
  let api: IdentityApi | undefined;
  const close = async () => {
    await api?.stop();
    token.stop();
    await zitadel.close();
    await http.close();
  };
  try {
    const verifier = createVerifier({
      issuer,
      audience: seeded.projectId,
      client: await loadApplicationKey(seeded.applicationKey),
      http,
      // Zitadel is in this very process: each token is asked about each time, and a session's end is seen at once.
      ttlMs: 0,
    });
    const reviewer = createTokenReviewer({
      verifier,
      audiences: parseAudienceMap([seeded.projectId]),
      logger,
    });
    const { caFile: _caFile, ca, ...tls } = await keepCertificate(folder);
    api = await createIdentityApi({
      zitadel,
      groups: ['identity.miloapis.com'],
      tokens: {
        async review(request, call) {
          const status = await reviewer.review(request, call);
          if (!status.authenticated) token.doubt();
          return status;
        },
      },
      subjectAccess: administratorsOf(seeded.organizationId),
      serviceAccountKeys: {
        organizationId: seeded.organizationId,
        introspectionProjectId: seeded.projectId,
      },
      port: options.port,
      tls,
      logger,
    });
    await Promise.all([api.start(), token.ensure()]);
    const kubeconfig = await writeKubeconfig(folder, {
      server: api.url,
      ca,
      tokenFile: join(folder, 'kube-token'),
      user: seeded.demo.loginName,
    });
    return { url: api.url, kubeconfig, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes sure of the account that asks; the first time, of something to see as well. */
async function seed(
  { issuer, ownerKey, homeOrganizationId, seeded, signal }: DevIdentityApiOptions,
  path: string,
): Promise<void> {
  const owner = createZitadel({ issuer, credentials: parseServiceAccount(ownerKey) });
  try {
    const isNew = await access(path).then(
      () => false,
      () => true,
    );
    if (isNew) await seedExamples(owner, seeded, signal);
    await seedApiAccount(owner, { organizationId: homeOrganizationId, path, signal });
  } finally {
    await owner.close();
  }
}

/** There is no cluster to ask: here, administrators of the demo tenant may have what is not theirs. */
function administratorsOf(organizationId: string): SubjectAccess {
  return async ({ caller }) => ({
    allowed: caller.groups.includes(`zitadel:org:${organizationId}:admin`),
    reason: 'only administrators of the demo tenant may',
  });
}
