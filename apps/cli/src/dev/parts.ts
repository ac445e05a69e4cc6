import { join } from 'node:path';
import { type Directory, openDirectory } from '@drawbridge/directory';
import {
  createNetbirdEmulator,
  createOpenbaoEmulator,
  createZitadelEmulator,
  type NetbirdEmulator,
  type OpenbaoEmulator,
  type ZitadelEmulator,
} from '@drawbridge/emulators';
import { createMetrics, type Logger, type Part, Secret, writeFileAtomic } from '@drawbridge/kit';
import { builtConsole } from '../console-folder.ts';
import { readDevFile } from '../dev-file.ts';
import { type DevIdentityApi, openIdentityApi } from './identity-api/index.ts';
import { keepSecretKey } from './secret-key.ts';
import { seedDirectory } from './seed-directory.ts';
import { seedOpenbao } from './seed-openbao.ts';
import { type SeededZitadel, seedZitadel } from './seed-zitadel.ts';
import { pointWebApplications } from './web-applications.ts';

/** Ports of the parts, counted from the first. */
const portOffsets = { zitadel: 0, openbao: 1, netbird: 2, directory: 3, apiserver: 4 } as const;

export interface DevOptions {
  readonly folder: string;
  /** Keep nothing beyond this process; `folder` is then a temporary one for key files. */
  readonly ephemeral: boolean;
  /** First of the ports; 0 lets the system choose each. */
  readonly portBase: number;
  readonly logger: Logger;
}

/** A part of `dev` with the line that tells of it. */
export interface DevPart extends Part {
  /** URL and remark for the line printed when it is ready. */
  readonly remark: string;
  readonly url: () => string;
}

/** Everything `dev` runs, in the order it starts. Each part can also run alone. */
export interface DevParts {
  readonly parts: readonly DevPart[];
  readonly zitadel: ZitadelEmulator;
  readonly seeded: () => SeededZitadel;
  readonly openbao: () => { readonly url: string; readonly rootTokenPath: string };
  /** NetBird and the path of a token of it, once started. */
  readonly netbird: () => { readonly url: string; readonly tokenPath: string };
  readonly directory: () => Directory;
  readonly identityApi: () => Pick<DevIdentityApi, 'url' | 'kubeconfig'>;
}

export function devParts(options: DevOptions): DevParts {
  const { folder, ephemeral, portBase, logger } = options;
  const portOf = (part: keyof typeof portOffsets) => (portBase === 0 ? 0 : portBase + portOffsets[part]);
  const zitadel = createZitadelEmulator({
    port: portOf('zitadel'),
    logger,
    // What its actions call runs on this machine, which a real Zitadel refuses to call.
    outboundDenyList: [],
    ...(ephemeral ? {} : { dataDir: join(folder, 'zitadel') }),
  });
  let seeded: SeededZitadel | undefined;
  let netbird: NetbirdEmulator | undefined;
  let directory: Directory | undefined;
  let identityApi: DevIdentityApi | undefined;
  const openbao: OpenbaoEmulator = createOpenbaoEmulator({
    port: portOf('openbao'),
    logger,
    ...(ephemeral ? {} : { dataDir: join(folder, 'openbao') }),
  });
  const rootTokenPath = join(folder, 'openbao-root-token');
  const netbirdTokenPath = join(folder, 'netbird-token');

  const zitadelPart: DevPart = {
    name: 'zitadel',
    remark: 'emulated',
    url: () => zitadel.issuer,
    async start(signal) {
      await zitadel.start();
      const { serviceAccountKey, organizationId } = zitadel.bootstrap;
      seeded = await seedZitadel({
        issuer: zitadel.issuer,
        ownerKey: JSON.stringify(serviceAccountKey),
        homeOrganizationId: organizationId,
        folder,
        knownPassword: (await readDevFile(folder))?.demo.password,
        signal,
      });
    },
    stop: () => zitadel.stop(),
    urls: () => ({ issuer: zitadel.issuer }),
  };

  const openbaoPart: DevPart = {
    name: 'openbao',
    remark: 'emulated',
    url: () => openbao.url,
    async start(signal) {
      await openbao.start();
      await writeFileAtomic(rootTokenPath, openbao.bootstrap.rootToken.expose(), { mode: 0o600 });
      await seedOpenbao(openbao, zitadel.issuer, need(seeded), signal);
    },
    stop: () => openbao.stop(),
    urls: () => ({ openbao: openbao.url }),
  };

  const netbirdPart: DevPart = {
    name: 'netbird',
    remark: 'emulated',
    url: () => need(netbird).url,
    async start() {
      netbird = createNetbirdEmulator({
        port: portOf('netbird'),
        logger,
        tokens: { issuer: zitadel.issuer, audience: need(seeded).netbirdProjectId },
        ...(ephemeral ? {} : { dataDir: join(folder, 'netbird') }),
      });
      await netbird.start();
      await writeFileAtomic(netbirdTokenPath, netbird.bootstrap.token.expose(), { mode: 0o600 });
    },
    stop: async () => await netbird?.stop(),
    urls: () => ({ netbird: need(netbird).url }),
  };

  const directoryPart: DevPart = {
    name: 'directory',
    remark: 'PGlite',
    url: () => `${need(directory).url}/api`,
    async start(signal) {
      const consoleFolder = builtConsole();
      directory = await openDirectory({
        database: ephemeral ? { memory: true } : { folder: join(folder, 'directory') },
        port: portOf('directory'),
        // Beside the database and not in it, so that a copy of the one opens nothing without the other.
        secretKeys: [await keepSecretKey(folder)],
        ...(consoleFolder === undefined ? {} : { consoleFolder }),
        faultSwitch: `${zitadel.issuer}/`,
        // To read events and to register webhooks takes an owner; the directory's own account is none.
        events: { url: 'own', account: new Secret(JSON.stringify(zitadel.bootstrap.serviceAccountKey)) },
        logger,
        metrics: await createMetrics(),
      });
      await seedDirectory(directory.database, zitadel.issuer, need(seeded), {
        url: need(netbird).url,
        tokenPath: netbirdTokenPath,
      });
      await directory.start();
      const ownerKey = JSON.stringify(zitadel.bootstrap.serviceAccountKey);
      const { web } = need(seeded);
      await pointWebApplications({ issuer: zitadel.issuer, ownerKey }, web, directory.url, signal);
    },
    stop: async () => await directory?.stop(),
    urls: () => ({ directory: need(directory).url }),
  };

  const apiserverPart: DevPart = {
    name: 'apiserver',
    remark: 'no cluster',
    url: () => need(identityApi).url,
    async start(signal) {
      identityApi = await openIdentityApi({
        folder,
        port: portOf('apiserver'),
        issuer: zitadel.issuer,
        ownerKey: JSON.stringify(zitadel.bootstrap.serviceAccountKey),
        homeOrganizationId: zitadel.bootstrap.organizationId,
        seeded: need(seeded),
        logger,
        signal,
      });
    },
    stop: async () => await identityApi?.stop(),
    urls: () => ({ apiserver: need(identityApi).url }),
  };

  return {
    parts: [zitadelPart, openbaoPart, netbirdPart, directoryPart, apiserverPart],
    zitadel,
    seeded: () => need(seeded),
    openbao: () => ({ url: openbao.url, rootTokenPath }),
    netbird: () => ({ url: need(netbird).url, tokenPath: netbirdTokenPath }),
    directory: () => need(directory),
    identityApi: () => need(identityApi),
  };
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('this part of dev has not started');
  return value;
}
