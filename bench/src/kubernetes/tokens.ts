import { createTokenSource, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import type { RunningEmulator } from '../zitadel/emulator.ts';

/** A project, the application of it that introspects, and tokens for it. */
export interface Tenant {
  readonly projectId: string;
  readonly applicationKey: string;
  /** JWT access tokens, each another one. */
  tokens(count: number): Promise<readonly string[]>;
}

const inAnHour = () => new Date(Date.now() + 3_600_000);
const atOnce = 16;

export async function makeTenant(emulator: RunningEmulator, zitadel: Zitadel): Promise<Tenant> {
  const { organizationId, issuer } = emulator;
  const { id: projectId } = await zitadel.projects.create({ organizationId, name: 'Cluster' });
  const application = await zitadel.applications.create({
    projectId,
    name: 'webhook',
    apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
  });
  const key = await zitadel.applications.createKey(projectId, application.id, inAnHour());
  const { id } = await zitadel.users.create({
    organizationId,
    machine: { name: 'robot', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
  });
  const { keyFile } = await zitadel.users.addKey(id, { expiresAt: inAnHour() });
  const credentials = parseServiceAccount(keyFile?.expose() ?? '');
  const scope = `openid urn:zitadel:iam:org:project:id:${projectId}:aud`;
  const one = async (): Promise<string> => {
    const source = createTokenSource({ issuer, credentials, fetch: zitadel.fetch, scope });
    const token = await source.get();
    source.close();
    return token.expose();
  };
  return {
    projectId,
    applicationKey: key.expose(),
    async tokens(count) {
      const all: string[] = [];
      while (all.length < count)
        all.push(...(await Promise.all(Array.from({ length: Math.min(atOnce, count - all.length) }, one))));
      return all;
    },
  };
}
