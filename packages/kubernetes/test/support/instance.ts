import {
  createZitadelEmulator,
  type ZitadelEmulator,
  type ZitadelEmulatorOptions,
} from '@drawbridge/emulators';
import { createTokenSource, createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';

/** An emulated Zitadel with a project, and the application of it that introspects. */
export interface Instance {
  readonly emulator: ZitadelEmulator;
  readonly zitadel: Zitadel;
  readonly projectId: string;
  readonly organizationId: string;
  /** Text of the application's key file. */
  readonly applicationKey: string;
  /** A machine that is an `admin` in the project, and a token of it. */
  machine(options?: MachineOptions): Promise<{ readonly id: string; readonly token: string }>;
  stop(): Promise<void>;
}

export interface MachineOptions {
  /** Default true. */
  readonly jwt?: boolean;
  /** Project that the token is for. Default the instance's own. */
  readonly audience?: string;
}

const inAnHour = () => new Date(Date.now() + 3_600_000);

export async function startInstance(
  options: Pick<ZitadelEmulatorOptions, 'outboundDenyList'> = {},
): Promise<Instance> {
  const emulator = createZitadelEmulator(options);
  await emulator.start();
  const { organizationId, serviceAccountKey } = emulator.bootstrap;
  const zitadel = createZitadel({
    issuer: emulator.issuer,
    credentials: parseServiceAccount(JSON.stringify(serviceAccountKey)),
  });
  const { id: projectId } = await zitadel.projects.create({ organizationId, name: 'Cluster' });
  await zitadel.projects.addRole(projectId, { roleKey: 'admin', displayName: 'Admin' });
  const application = await zitadel.applications.create({
    projectId,
    name: 'webhook',
    apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
  });
  const key = await zitadel.applications.createKey(projectId, application.id, inAnHour());
  return {
    emulator,
    zitadel,
    projectId,
    organizationId,
    applicationKey: key.expose(),
    async machine({ jwt = true, audience = projectId } = {}) {
      const { id } = await zitadel.users.create({
        organizationId,
        machine: {
          name: 'robot',
          accessTokenType: jwt ? 'ACCESS_TOKEN_TYPE_JWT' : 'ACCESS_TOKEN_TYPE_BEARER',
        },
      });
      await zitadel.authorizations.create({ userId: id, projectId, organizationId, roleKeys: ['admin'] });
      const { keyFile } = await zitadel.users.addKey(id, { expiresAt: inAnHour() });
      const source = createTokenSource({
        issuer: emulator.issuer,
        credentials: parseServiceAccount(keyFile?.expose() ?? ''),
        fetch: zitadel.fetch,
        scope: [
          'openid',
          `urn:zitadel:iam:org:project:id:${audience}:aud`,
          'urn:zitadel:iam:org:projects:roles',
          'urn:zitadel:iam:user:resourceowner',
        ].join(' '),
      });
      const token = (await source.get()).expose();
      source.close();
      return { id, token };
    },
    async stop() {
      await zitadel.close();
      await emulator.stop();
    },
  };
}
