import { readFile } from 'node:fs/promises';
import { DrawbridgeError, type Logger } from '@drawbridge/kit';
import { parse } from 'yaml';

type Flags = Readonly<Record<string, unknown>>;

/** Flags of the Go provider's controller, in the terms of ours. */
export interface FormerFlags {
  readonly flags: Flags;
  /** Those that were given and change nothing. */
  readonly without: readonly string[];
}

/** Those that have no counterpart: what they set is so here, or is not there. */
const withoutEffect: ReadonlySet<string> = new Set([
  'zitadelDefaultMachineKeyExpiration',
  'metricsCertPath',
  'metricsCertName',
  'metricsCertKey',
  'metricsSecure',
  'webhookCertPath',
  'webhookCertName',
  'webhookCertKey',
  'enableHttp2',
  'upstreamKubeconfig',
  'leaderElect',
  'leaderElectionResourceLock',
  'leaderElectionLeaseDuration',
  'leaderElectionRenewDeadline',
  'leaderElectionRetryPeriod',
  'leaderElectionReleaseOnCancel',
]);

/**
 * Puts the flags of the Go provider's controller into our terms, its `--server-config` file among them. A flag of ours that is
 * given beside goes first.
 *
 * @throws {DrawbridgeError} `file_unreadable`, `usage`
 */
export async function translateFormerFlags(given: Flags): Promise<FormerFlags> {
  const { zitadelBaseUrl, zitadelSdkIssuer, zitadelSdkDomain, serverConfig, ...others } = given;
  const { zitadelMachineAccountKeyPath, coreControlPlaneKubeconfig, ...rest } = others;
  const without = Object.keys(rest).filter((name) => withoutEffect.has(name));
  const own = Object.fromEntries(Object.entries(rest).filter(([name]) => !withoutEffect.has(name)));
  const config = typeof serverConfig === 'string' ? await readServerConfig(serverConfig) : undefined;
  without.push(...(config?.without ?? []));
  const { discoveryKubeconfig } = config ?? {};
  // Users and projects are in one place, the core control plane.
  if (discoveryKubeconfig !== undefined && coreControlPlaneKubeconfig !== undefined)
    without.push('discoveryKubeconfigPath');
  const all = {
    // The base URL was where the API is; the issuer may be another name for it.
    zitadelIssuer: zitadelSdkIssuer ?? zitadelBaseUrl,
    zitadelApi: zitadelSdkDomain ?? (zitadelSdkIssuer === undefined ? undefined : zitadelBaseUrl),
    zitadelKey: zitadelMachineAccountKeyPath,
    kubeconfig: coreControlPlaneKubeconfig ?? discoveryKubeconfig,
    projectKubeconfig: config?.projectKubeconfig,
    mode: config?.mode,
    ...own,
  };
  const flags = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return { flags, without };
}

/** Tells in the log what was given and changes nothing. */
export function tellWithout(logger: Logger, component: string, without: readonly string[]): void {
  for (const code of without) logger.warn({ component, code }, 'a flag without effect was given');
}

interface ServerConfig {
  readonly mode?: string;
  readonly discoveryKubeconfig?: string;
  readonly projectKubeconfig?: string;
  readonly without: readonly string[];
}

/** The file of `--server-config`: how projects are found, and with which credentials their control planes are reached. */
async function readServerConfig(path: string): Promise<ServerConfig> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DrawbridgeError('file_unreadable', { where: path, cause });
  });
  const { discovery, downstreamResourceManagement } = asRecord(parse(text));
  const { mode, projectKubeconfigPath, discoveryKubeconfigPath, internalServiceDiscovery } =
    asRecord(discovery);
  if (isText(mode) && mode !== 'single' && mode !== 'milo')
    throw new DrawbridgeError('usage', {
      message: `discovery.mode is ${JSON.stringify(mode)}; it is single or milo.`,
      where: path,
    });
  return {
    ...(isText(mode) ? { mode } : {}),
    ...(isText(discoveryKubeconfigPath) ? { discoveryKubeconfig: discoveryKubeconfigPath } : {}),
    ...(isText(projectKubeconfigPath) ? { projectKubeconfig: projectKubeconfigPath } : {}),
    without: [
      ...(isText(asRecord(downstreamResourceManagement).kubeconfigPath)
        ? ['downstreamResourceManagement']
        : []),
      ...(internalServiceDiscovery === true ? ['internalServiceDiscovery'] : []),
    ],
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
